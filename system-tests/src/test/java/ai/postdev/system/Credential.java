package ai.postdev.system;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;

/**
 * A made-up credential in the line of code or settings that people write it in. The thirty forms that scanners of
 * public repositories report most, written down from their makers' documentation and not from the product's own list.
 *
 * @param line one line, or several for a private key
 * @param secrets what of it must not be found anywhere
 */
record Credential(String form, String line, List<String> secrets) {
    static final int FORMS = 30;

    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = UPPER.toLowerCase(Locale.ROOT);
    private static final String DIGITS = "0123456789";
    private static final String HEX = DIGITS + "abcdef";
    private static final String BASE62 = UPPER + LOWER + DIGITS;
    private static final String URL64 = BASE62 + "-_";
    private static final int WINDOW = 12;

    /** The next credential of a form, 0 to {@value #FORMS} - 1. */
    static Credential of(int form, Random random) {
        return new Forms(random).of(form);
    }

    /** A token that may well stand in the name of a file. */
    static String token(Random random) {
        Forms forms = new Forms(random);
        return switch (random.nextInt(4)) {
            case 0 -> "ghp_" + forms.some(BASE62, 36);
            case 1 -> "AKIA" + forms.some(UPPER + "234567", 16);
            case 2 -> "glpat-" + forms.some(BASE62, 20);
            default -> "xoxb-" + forms.some(DIGITS, 12) + "-" + forms.some(DIGITS, 12) + "-" + forms.some(BASE62, 24);
        };
    }

    /** Pieces of the secrets: a part that survives is a leak too. */
    List<String> pieces() {
        List<String> pieces = new ArrayList<>();
        for (String secret : secrets) {
            pieces.add(secret);
            if (secret.length() >= 2 * WINDOW) {
                pieces.add(secret.substring(secret.length() - WINDOW));
                int middle = (secret.length() - WINDOW) / 2;
                pieces.add(secret.substring(middle, middle + WINDOW));
            }
        }
        return pieces;
    }

    private record Forms(Random random) {
        Credential of(int form) {
            return switch (form) {
                case 0 -> token("AWS access key", "AKIA" + some(UPPER + "234567", 16));
                case 1 -> line("AWS secret key", "aws_secret_access_key = %s", bytes64(30));
                case 2 -> token("Google API key", "AIza" + some(URL64, 34) + some(BASE62, 1));
                case 3 -> line("Google client secret", "\"client_secret\": \"%s\",", "GOCSPX-" + some(BASE62, 28));
                case 4 -> serviceAccount();
                case 5 -> token("GitHub token", pick("ghp_", "gho_", "ghs_") + some(BASE62, 36));
                case 6 -> token("GitHub fine-grained", "github_pat_" + some(BASE62, 22) + "_" + some(BASE62, 59));
                case 7 -> token("GitLab token", "glpat-" + some(BASE62, 20));
                case 8 ->
                    token("Slack token", "xoxb-" + some(DIGITS, 12) + "-" + some(DIGITS, 12) + "-" + some(BASE62, 24));
                case 9 ->
                    line(
                            "Slack webhook",
                            "curl -X POST https://hooks.slack.com/services/%s",
                            "T" + some(UPPER + DIGITS, 10) + "/B" + some(UPPER + DIGITS, 10) + "/" + some(BASE62, 24));
                case 10 -> token("Stripe key", pick("sk_live_", "rk_live_", "sk_test_") + some(BASE62, 24));
                case 11 -> line("npm token", "//registry.npmjs.org/:_authToken=%s", "npm_" + some(BASE62, 36));
                case 12 -> token("PyPI token", "pypi-AgEIcHlwaS5vcmcC" + some(URL64, 140) + some(BASE62, 1));
                case 13 -> token("OpenAI key", "sk-proj-" + some(URL64, 100) + some(BASE62, 1));
                case 14 -> token("Anthropic key", "sk-ant-api03-" + some(URL64, 92) + some(BASE62, 1));
                case 15 -> token("Hugging Face token", "hf_" + some(BASE62, 34));
                case 16 ->
                    token(
                            "SendGrid key",
                            "SG." + some(URL64, 21) + some(BASE62, 1) + "." + some(URL64, 42) + some(BASE62, 1));
                case 17 -> line("Twilio token", "TWILIO_AUTH_TOKEN=%s", some(HEX, 32));
                case 18 -> token("Telegram bot", some("123456789", 10) + ":AA" + some(URL64, 32) + some(BASE62, 1));
                case 19 -> token("DigitalOcean token", "dop_v1_" + some(HEX, 64));
                case 20 ->
                    line(
                            "Discord webhook",
                            "hook: https://discord.com/api/webhooks/%s",
                            some(DIGITS.substring(1), 18) + "/" + some(URL64, 67) + some(BASE62, 1));
                case 21 -> line("JWT", "  const token = '%s'", jwt());
                case 22 ->
                    line(
                            "bearer header",
                            "curl -H \"Authorization: Bearer %s\" https://api.internal/v2",
                            some(BASE62, 40));
                case 23 ->
                    line(
                            "basic header",
                            "headers['Authorization'] = 'Basic %s'",
                            base64(("deploy:" + some(BASE62, 18)).getBytes(StandardCharsets.UTF_8)));
                case 24 ->
                    line(
                            "password in URL",
                            pick("postgres", "mysql", "mongodb+srv", "amqp", "redis", "https")
                                    + "://service:%s@db.internal/main",
                            password());
                case 25 -> key("RSA PRIVATE KEY", 600);
                case 26 -> key(pick("OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY"), 200);
                case 27 ->
                    line(
                            "password",
                            pick(
                                    "    private static final String PASSWORD = \"%s\";",
                                    "db_password: %s",
                                    "export DB_PASSWORD='%s'",
                                    "password = \"%s\"",
                                    "  \"password\": \"%s\",",
                                    "spring.datasource.password=%s",
                                    "    <password>%s</password>"),
                            password());
                case 28 ->
                    line(
                            "Azure storage key",
                            "\"DefaultEndpointsProtocol=https;AccountName=store;AccountKey=%s;EndpointSuffix=core.windows.net\"",
                            bytes64(64));
                default ->
                    line("SQL connection", "\"Server=tcp:db,1433;Database=app;User ID=app;Password=%s;\"", password());
            };
        }

        private Credential token(String form, String token) {
            return line(
                    form,
                    pick(
                            "token = \"%s\"",
                            "    auth: '%s',",
                            "export TOKEN=%s",
                            "client = Client(\"%s\")",
                            "// until it is rotated: %s",
                            "| production | %s |"),
                    token);
        }

        private static Credential line(String form, String line, String secret) {
            return new Credential(form, line.formatted(secret), List.of(secret));
        }

        private Credential key(String what, int bytes) {
            byte[] der = new byte[bytes];
            random.nextBytes(der);
            String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
            return new Credential(
                    what,
                    "-----BEGIN " + what + "-----\n" + body + "\n-----END " + what + "-----",
                    body.lines().filter(line -> line.length() >= WINDOW).toList());
        }

        private Credential serviceAccount() {
            String id =
                    new UUID(random.nextLong(), random.nextLong()).toString().replace("-", "") + some(HEX, 8);
            String first = some(BASE62, 64);
            String second = some(BASE62, 64);
            return new Credential(
                    "Google service account",
                    "{\"type\": \"service_account\", \"private_key_id\": \"" + id
                            + "\", \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n" + first + "\\n" + second
                            + "\\n-----END PRIVATE KEY-----\\n\"}",
                    List.of(first, second));
        }

        private String jwt() {
            Base64.Encoder url = Base64.getUrlEncoder().withoutPadding();
            String header = "{\"alg\":\"HS256\",\"typ\":\"JWT\"}";
            String claims = "{\"sub\":\"" + some(DIGITS, 10) + "\",\"name\":\"" + some(LOWER, 12) + "\"}";
            byte[] signature = new byte[32];
            random.nextBytes(signature);
            return url.encodeToString(header.getBytes(StandardCharsets.UTF_8)) + "."
                    + url.encodeToString(claims.getBytes(StandardCharsets.UTF_8)) + "." + url.encodeToString(signature);
        }

        private String password() {
            return some(UPPER, 1)
                    + some(LOWER, 4)
                    + some(DIGITS, 2)
                    + pick("!", "#", "_", "%", "^", "")
                    + some(BASE62, 8)
                    + some(DIGITS, 1);
        }

        private String bytes64(int count) {
            byte[] bytes = new byte[count];
            random.nextBytes(bytes);
            return base64(bytes);
        }

        private static String base64(byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }

        private String pick(String... of) {
            return of[random.nextInt(of.length)];
        }

        /** Random characters, of which a letter and a digit are always among longer ones. */
        private String some(String from, int length) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < length; i++) {
                text.append(from.charAt(random.nextInt(from.length())));
            }
            return text.toString();
        }
    }
}
