// A certified OpenID provider that is not ours, for the tests of signing in: node provider.js PORT
// Whoever types a login is that person; the login decides what the provider says of them.
import Provider from "oidc-provider";

const port = Number(process.argv[2]);

const client = (provider) => ({
  client_id: `portal-at-${provider}`,
  client_secret: `secret-at-${provider}`,
  redirect_uris: [`http://localhost/login/${provider}/callback`],
  response_types: ["code"],
  grant_types: ["authorization_code"],
  token_endpoint_auth_method: "client_secret_post",
});

const claims = (login) => ({
  sub: login,
  ...(login.startsWith("nomail") ? {} : {
    email: `${login}@example.tw`,
    email_verified: !login.startsWith("unproven"),
  }),
});

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [client("google"), client("facebook")],
  claims: { openid: ["sub"], email: ["email", "email_verified"] },
  // Google and Facebook put the e-mail into the ID token too.
  conformIdTokenClaims: false,
  findAccount: (_context, login) => ({ accountId: login, claims: () => claims(login) }),
  cookies: { keys: ["only for tests"] },
});

provider.listen(port, "127.0.0.1", () => console.log("ready"));
