// A real OpenID provider for the tests: node serve.mjs '{"issuer": …, "redirect": …, "port": …}'
// Whoever types a name is signed in as them, "sure-NAME@provider.example" is a proved address and "NAME" alone is none.
import { generateKeyPairSync } from "node:crypto";
import Provider from "oidc-provider";

const { issuer, redirects, port, alg } = JSON.parse(process.argv[2]);

const kinds = {
  RS256: () => generateKeyPairSync("rsa", { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync("ec", { namedCurve: "P-256" }),
  EdDSA: () => generateKeyPairSync("ed25519"),
};
const key = { ...kinds[alg]().privateKey.export({ format: "jwk" }), use: "sig", alg };

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: "rejoinder",
      client_secret: "a-secret-of-the-tests-0123456789",
      redirect_uris: redirects,
      id_token_signed_response_alg: alg,
    },
  ],
  jwks: { keys: [key] },
  cookies: { keys: ["for tests alone"] },
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: true } },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({
      sub: id,
      name: id.replace(/^sure-/, ""),
      email: `${id.replace(/^sure-/, "")}@mail.example`,
      email_verified: id.startsWith("sure-"),
    }),
  }),
});
provider.listen(port, "127.0.0.1", () => console.log("listening"));
