// A certified OpenID provider (npm: oidc-provider) with pages of its own to sign in. One line of JSON says it listens.
// argv: port, seconds an ID token holds, "thin" for tokens that leave the names to userinfo, and secrets in the form.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [port, holds, thin] = process.argv.slice(2);
const entry = createRequire(`${process.env.PEER_HOME}/`).resolve("oidc-provider");
const { default: Provider } = await import(pathToFileURL(entry).href);

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
const client = (client_id, more) => ({
  client_id,
  redirect_uris: [`http://testserver/desk/sign-on/back`, `http://127.0.0.1:${process.env.DESK_PORT}/desk/sign-on/back`],
  ...more,
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    ...(thin === "thin" ? [] : [client("desk", { client_secret: "desk:secret/+ %" })]),
    client("posts", { client_secret: "posted", token_endpoint_auth_method: "client_secret_post" }),
    client("public", { token_endpoint_auth_method: "none" }),
  ],
  jwks: { keys: [key] },
  cookies: { keys: ["peer"] },
  conformIdTokenClaims: thin === "thin",
  clientAuthMethods: thin === "thin" ? ["client_secret_post", "none"] : ["client_secret_basic", "client_secret_post", "none"],
  claims: { openid: ["sub"], profile: ["preferred_username"], email: ["email", "email_verified"] },
  pkce: { required: () => true },
  ttl: { IdToken: Number(holds), AccessToken: 600, AuthorizationCode: 60, Grant: 600, Interaction: 600, Session: 600 },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      ...(id.includes("@")
        ? { email: id, email_verified: !id.startsWith("unverified") }
        : { preferred_username: id }),
    }),
  }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log(JSON.stringify({ listens: Number(port) })));
