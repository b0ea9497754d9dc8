package ai.postdev.developer.content;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Seeded secrets of many kinds, each in a line of code or settings as people write them. Made up, none was ever valid. */
final class PlantedSecrets {
    /** A piece of text and what in it must be gone afterwards. */
    record Plant(String kind, String text, List<String> secrets) {}

    private static final String UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final String LOWER = "abcdefghijklmnopqrstuvwxyz";
    private static final String DIGITS = "0123456789";
    private static final String HEX = "0123456789abcdef";
    private static final String ALNUM = UPPER + LOWER + DIGITS;
    private static final String B64 = ALNUM + "+/";
    private static final String URL64 = ALNUM + "-_";

    private final Random random;

    PlantedSecrets(Random random) {
        this.random = random;
    }

    /** How many different kinds {@link #plant} makes. */
    static final int KINDS = 62;

    Plant plant(int kind) {
        return switch (kind) {
            case 0 -> token("aws key", "AKIA" + some(UPPER + "234567", 16));
            case 1 -> line("aws secret", "aws_secret_access_key = %s", some(B64, 40));
            case 2 -> line("aws secret in java", "  String awsSecretKey = \"%s\";", some(B64, 40));
            case 3 -> token("google", "AIza" + some(URL64, 35));
            case 4 -> token("google oauth", "ya29." + some(URL64, 60));
            case 5 -> token("google client", "GOCSPX-" + some(URL64, 28));
            case 6 -> token("github", pick("ghp_", "gho_", "ghu_", "ghs_", "ghr_") + some(ALNUM, 36));
            case 7 -> token("github fine", "github_pat_" + some(ALNUM, 22) + "_" + some(ALNUM, 59));
            case 8 -> token("gitlab", pick("glpat-", "gldt-", "glrt-", "glptt-") + mixed(URL64, 20));
            case 9 -> token("bitbucket", "ATBB" + mixed(ALNUM, 32));
            case 10 ->
                token(
                        "slack",
                        pick("xoxb-", "xoxp-") + some(DIGITS, 12) + "-" + some(DIGITS, 12) + "-" + mixed(ALNUM, 24));
            case 11 ->
                line(
                        "slack hook",
                        "url: https://hooks.slack.com/services/%s",
                        "T" + some(UPPER + DIGITS, 9) + "/B" + some(UPPER + DIGITS, 9) + "/" + some(ALNUM, 24));
            case 12 -> token("stripe", pick("sk_live_", "sk_test_", "rk_live_") + mixed(ALNUM, 24));
            case 13 -> token("npm", "npm_" + some(ALNUM, 36));
            case 14 -> line("npmrc", "//registry.npmjs.org/:_authToken=%s", "npm_" + some(ALNUM, 36));
            case 15 -> token("pypi", "pypi-AgEIcHlwaS5vcmc" + some(URL64, 120));
            case 16 -> token("openai", "sk-" + mixed(ALNUM, 48));
            case 17 -> token("openai project", "sk-proj-" + mixed(URL64, 80));
            case 18 -> token("anthropic", "sk-ant-api03-" + mixed(URL64, 90));
            case 19 -> token("huggingface", "hf_" + mixed(ALNUM, 34));
            case 20 -> token("sendgrid", "SG." + mixed(URL64, 22) + "." + mixed(URL64, 43));
            case 21 -> token("mailgun", "key-" + mixed(HEX, 32));
            case 22 -> token("mailchimp", mixed(HEX, 32) + "-us" + (1 + random.nextInt(20)));
            case 23 -> token("twilio", "SK" + mixed(HEX, 32));
            case 24 -> token("shopify", "shpat_" + mixed(HEX, 32));
            case 25 -> token("telegram", some(DIGITS.substring(1), 9) + ":AA" + some(URL64, 33));
            case 26 -> token("digitalocean", "dop_v1_" + mixed(HEX, 64));
            case 27 -> token("linear", "lin_api_" + mixed(ALNUM, 40));
            case 28 -> token("postman", "PMAK-" + mixed(HEX, 24) + "-" + mixed(HEX, 34));
            case 29 -> token("grafana", "glsa_" + mixed(ALNUM, 32) + "_" + some(HEX, 8));
            case 30 -> token("vault", "hvs." + mixed(URL64, 90));
            case 31 -> token("databricks", "dapi" + mixed(HEX, 32));
            case 32 -> token("rubygems", "rubygems_" + mixed(HEX, 48));
            case 33 -> token("docker", "dckr_pat_" + mixed(URL64, 27));
            case 34 -> token("jwt", "eyJhbGciOiJIUzI1NiJ9.eyJ" + some(URL64, 60) + "." + some(URL64, 43));
            case 35 -> line("bearer", "curl -H \"Authorization: Bearer %s\" https://api.test/v1", mixed(ALNUM, 40));
            case 36 -> line("basic", "Authorization: Basic %s", mixed(ALNUM, 30) + "==");
            case 37 ->
                line(
                        "url password",
                        pick("postgres", "mysql", "amqp", "https") + "://app:%s@db.internal:5432/app",
                        password());
            case 38 -> line("redis", "REDIS_URL=redis://:%s@cache:6379/0", password());
            case 39 ->
                line("connection string", "\"Server=db;Database=x;User Id=sa;Password=%s;Encrypt=true\"", password());
            case 40 ->
                line(
                        "azure storage",
                        "DefaultEndpointsProtocol=https;AccountName=acc;AccountKey=%s;EndpointSuffix=core.windows.net",
                        mixed(B64, 86) + "==");
            case 41 -> token("azure client", some(ALNUM, 3) + "8Q~" + some(ALNUM, 34));
            case 42 -> line("password java", "    private static final String PASSWORD = \"%s\";", password());
            case 43 -> line("password json", "  \"password\": \"%s\",", password());
            case 44 -> line("password yaml", "  password: %s", password());
            case 45 -> line("password env", "export DB_PASSWORD=%s", password());
            case 46 -> line("password call", "  config.setPassword(\"%s\");", password());
            case 47 -> line("password python", "    db_password: str = '%s'", password());
            case 48 -> line("password map", "conf['password'] = \"%s\"", password());
            case 49 -> line("password xml", "  <password>%s</password>", password());
            case 50 -> line("password property", "<property name=\"password\" value=\"%s\"/>", password());
            case 51 -> line("password sql", "CREATE USER app IDENTIFIED BY '%s';", password());
            case 52 -> line("password option", "mysql --user root --password=%s app", password() + "x");
            case 53 -> line("api key", "const apiKey = '%s';", mixed(ALNUM, 32));
            case 54 -> line("client secret", "clientSecret: \"%s\",", mixed(URL64, 40));
            case 55 -> line("token properties", "service.access-token=%s", mixed(HEX, 40));
            case 56 -> line("secret ruby", "  secret_key_base: %s", mixed(HEX, 128));
            case 57 -> line("escaped json", "body = \"{\\\"client_secret\\\":\\\"%s\\\"}\"", mixed(ALNUM, 32));
            case 58 -> pem("RSA PRIVATE KEY");
            case 59 -> pem(pick("OPENSSH PRIVATE KEY", "EC PRIVATE KEY", "PRIVATE KEY", "ENCRYPTED PRIVATE KEY"));
            case 60 -> pemInOneLine();
            default -> line("generic key", "  cacheKey = \"%s\"", mixed(ALNUM, 40));
        };
    }

    private Plant pem(String what) {
        List<String> body = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            body.add(some(B64, 64));
        }
        body.add(some(B64, 30) + "==");
        String indent = pick("", "    ");
        return new Plant(
                what,
                indent + "-----BEGIN " + what + "-----\n" + indent + String.join("\n" + indent, body) + "\n" + indent
                        + "-----END " + what + "-----",
                body);
    }

    private Plant pemInOneLine() {
        String first = some(B64, 64);
        String second = some(B64, 64);
        return new Plant(
                "pem in json",
                "  \"private_key\": \"-----BEGIN PRIVATE KEY-----\\n" + first + "\\n" + second
                        + "\\n-----END PRIVATE KEY-----\\n\",",
                List.of(first, second));
    }

    private Plant token(String kind, String token) {
        String form = pick(
                "token = \"%s\"",
                "  auth: '%s',",
                "KEY=%s",
                "client = Client(\"%s\")",
                "# used %s once",
                "f(`%s`);",
                "%s",
                "x: %s\r",
                "\"a\\n%s\"",
                "<a>%s</a>",
                "(%s)");
        return line(kind, form, token);
    }

    private Plant line(String kind, String form, String secret) {
        return new Plant(kind, form.formatted(secret), List.of(secret));
    }

    private String password() {
        String mark = pick("!", "#", "_", "%", "^", "");
        return some(UPPER, 1) + some(LOWER, 3) + some(DIGITS, 2) + mark + some(ALNUM, 4 + random.nextInt(8));
    }

    private String pick(String... of) {
        return of[random.nextInt(of.length)];
    }

    private String some(String from, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(from.charAt(random.nextInt(from.length())));
        }
        return text.toString();
    }

    /** Random characters, as makers of tokens throw them: now and then without a digit. No sign at either end. */
    private String mixed(String from, int length) {
        while (true) {
            String text = some(from, length);
            if (ALNUM.indexOf(text.charAt(length - 1)) >= 0 && ALNUM.indexOf(text.charAt(0)) >= 0) {
                return text;
            }
        }
    }
}
