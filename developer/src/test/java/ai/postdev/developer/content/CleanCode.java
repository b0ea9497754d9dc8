package ai.postdev.developer.content;

import java.util.List;
import java.util.Random;

/** Seeded program text that speaks of passwords, tokens and keys without holding any. */
final class CleanCode {
    private static final List<String> LINES = List.of(
            "    String password = request.getParameter(\"password\");",
            "    if (token == null || token.isEmpty()) {",
            "  password: string;",
            "def login(username: str, password: str = None) -> Token:",
            "    self.api_key = os.environ[\"API_KEY\"]",
            "  const token = await getToken(user);",
            "<input type=\"password\" name=\"password\" placeholder=\"Your password\">",
            "    private final Map<Key, Value> keys = new HashMap<>();",
            "  \"password\": \"string\",",
            "password = getpass.getpass(\"Password: \")",
            "export TOKEN=$(vault read token)",
            "DB_PASSWORD=${DB_PASSWORD:?missing}",
            "    return hmac.new(secret, body, hashlib.sha256).hexdigest()",
            "http://localhost:8080/users/12@home",
            "url = \"https://user:password@example.com/path\"",
            "-----BEGIN PRIVATE KEY-----",
            "    static final String HEADER = \"-----BEGIN RSA PRIVATE KEY-----\";",
            "  secret: ${{ secrets.GITHUB_TOKEN }}",
            "bytes32 secret = keccak256(abi.encode(a, b));",
            "let key = map.keys().next().unwrap();",
            "key: value # a comment",
            "  accessToken: oauth2.accessToken,",
            "func (s *Store) Token(ctx context.Context) (string, error) {",
            "    throw new AuthException(\"invalid token: \" + token.kind());",
            "  token_url: https://auth.test/oauth2/token",
            "password_field_2 = find_element(By.ID, \"password\")",
            "@Value(\"${app.password}\") String password;",
            "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "commit 4f2a9c1be03d7785a6c1d2e3f4a5b6c7d8e9f0a1",
            "id = \"550e8400-e29b-41d4-a716-446655440000\"",
            "integrity:"
                    + " sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg==",
            "-------------------------------------------------------------------------------------------",
            "==========================================================================================",
            "  basic authentication is off; Bearer tokens are checked by the gateway",
            "    tokens = tokenizer.encode(text)  # tokens: list[int]",
            "i = (i << 5) ^ key[i % key.length];",
            "  keyboard-interactive: true",
            "é € 😀 名前 = \"ß\"");

    private CleanCode() {}

    static String lines(Random random, int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(LINES.get(random.nextInt(LINES.size()))).append('\n');
        }
        return text.toString();
    }
}
