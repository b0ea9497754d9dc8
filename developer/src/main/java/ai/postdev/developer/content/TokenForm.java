package ai.postdev.developer.content;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The form of one kind of token: a beginning that says whose it is, then characters of one set.
 *
 * @param kind names it in the replacement
 * @param prefix how it begins
 * @param set the characters after the prefix
 * @param least how many of them at least
 * @param most how many at most; a longer run is no such token
 * @param proof what tells the token from a name that begins like it
 */
record TokenForm(String kind, byte[] prefix, CharacterSet set, int least, int most, Proof proof) {
    private static final int ANY = 4096;

    /** What must follow the prefix, beyond its characters. */
    enum Proof {
        /** The prefix is proof enough. */
        NONE,
        /** No name begins so, but a placeholder might: a digit among letters, or capitals among small letters. */
        MIXED,
        /** Names may begin so: as many digits or capitals as no name has. A random token of 20 characters often has one digit only. */
        GENERATED
    }

    /** Every token form that is known by its beginning, longer prefixes before shorter ones. */
    static final List<TokenForm> ALL = List.of(
            aws("AKIA"),
            aws("ASIA"),
            aws("ABIA"),
            aws("ACCA"),
            form("google-api-key", "AIza", CharacterSet.TOKEN, 35),
            form("google-oauth-token", "ya29.", CharacterSet.TOKEN_DOT, 30),
            form("google-client-secret", "GOCSPX-", CharacterSet.TOKEN, 20),
            form("github-token", "github_pat_", CharacterSet.WORD, 22),
            form("github-token", "ghp_", CharacterSet.ALNUM, 36),
            form("github-token", "gho_", CharacterSet.ALNUM, 36),
            form("github-token", "ghu_", CharacterSet.ALNUM, 36),
            form("github-token", "ghs_", CharacterSet.ALNUM, 36),
            form("github-token", "ghr_", CharacterSet.ALNUM, 36),
            mixed("gitlab-token", "glpat-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glptt-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "gldt-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glrt-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glcbt-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glsoat-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glimt-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glft-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "gloas-", CharacterSet.TOKEN_DOT, 20),
            mixed("gitlab-token", "glagent-", CharacterSet.TOKEN_DOT, 20),
            generated("bitbucket-token", "ATBB", CharacterSet.ALNUM, 28),
            mixed("bitbucket-token", "ATCTT3", CharacterSet.TOKEN_EQ, 30),
            mixed("atlassian-token", "ATATT3", CharacterSet.TOKEN_EQ, 30),
            mixed("slack-token", "xoxb-", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xoxp-", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xoxa-", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xoxr-", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xoxs-", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xoxe-", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xoxe.xox", CharacterSet.TOKEN, 16),
            mixed("slack-token", "xapp-", CharacterSet.TOKEN, 16),
            mixed("stripe-key", "sk_live_", CharacterSet.ALNUM, 16),
            mixed("stripe-key", "sk_test_", CharacterSet.ALNUM, 16),
            mixed("stripe-key", "rk_live_", CharacterSet.ALNUM, 16),
            mixed("stripe-key", "rk_test_", CharacterSet.ALNUM, 16),
            mixed("stripe-key", "whsec_", CharacterSet.BASE64, 24),
            form("npm-token", "npm_", CharacterSet.ALNUM, 36),
            form("pypi-token", "pypi-AgE", CharacterSet.TOKEN, 50),
            mixed("anthropic-key", "sk-ant-", CharacterSet.TOKEN, 20),
            generated("openai-key", "sk-", CharacterSet.TOKEN, 20),
            mixed("huggingface-token", "hf_", CharacterSet.ALNUM, 30),
            generated("replicate-token", "r8_", CharacterSet.ALNUM, 30),
            mixed("groq-key", "gsk_", CharacterSet.ALNUM, 40),
            generated("sendgrid-key", "SG.", CharacterSet.TOKEN_DOT, 40),
            exact("mailgun-key", "key-", CharacterSet.HEX, 32),
            exact("twilio-key", "SK", CharacterSet.HEX, 32),
            exact("twilio-key", "AC", CharacterSet.HEX, 32),
            mixed("square-token", "sq0atp-", CharacterSet.TOKEN, 20),
            mixed("square-token", "sq0csp-", CharacterSet.TOKEN, 40),
            mixed("shopify-token", "shpat_", CharacterSet.ALNUM, 32),
            mixed("shopify-token", "shpss_", CharacterSet.ALNUM, 32),
            mixed("shopify-token", "shpca_", CharacterSet.ALNUM, 32),
            mixed("shopify-token", "shppa_", CharacterSet.ALNUM, 32),
            mixed("digitalocean-token", "dop_v1_", CharacterSet.HEX, 40),
            mixed("digitalocean-token", "doo_v1_", CharacterSet.HEX, 40),
            mixed("digitalocean-token", "dor_v1_", CharacterSet.HEX, 40),
            mixed("linear-key", "lin_api_", CharacterSet.ALNUM, 32),
            generated("notion-token", "ntn_", CharacterSet.ALNUM, 40),
            exact("notion-token", "secret_", CharacterSet.ALNUM, 43),
            mixed("figma-token", "figd_", CharacterSet.TOKEN, 30),
            mixed("postman-key", "PMAK-", CharacterSet.TOKEN, 40),
            mixed("newrelic-key", "NRAK-", CharacterSet.ALNUM, 20),
            mixed("grafana-token", "glsa_", CharacterSet.WORD, 32),
            generated("grafana-token", "glc_", CharacterSet.BASE64, 32),
            generated("vault-token", "hvs.", CharacterSet.TOKEN, 24),
            generated("vault-token", "hvb.", CharacterSet.TOKEN, 24),
            generated("vault-token", "hvr.", CharacterSet.TOKEN, 24),
            mixed("doppler-token", "dp.pt.", CharacterSet.ALNUM, 40),
            mixed("doppler-token", "dp.st.", CharacterSet.TOKEN_DOT, 40),
            mixed("planetscale-token", "pscale_tkn_", CharacterSet.TOKEN_DOT, 30),
            mixed("planetscale-token", "pscale_pw_", CharacterSet.TOKEN_DOT, 30),
            exact("databricks-token", "dapi", CharacterSet.HEX, 32),
            mixed("heroku-key", "HRKU-", CharacterSet.TOKEN, 30),
            mixed("rubygems-key", "rubygems_", CharacterSet.HEX, 48),
            mixed("docker-token", "dckr_pat_", CharacterSet.TOKEN, 24),
            exact("crates-token", "cio", CharacterSet.ALNUM, 32),
            exact("nuget-key", "oy2", CharacterSet.ALNUM, 43),
            mixed("dynatrace-token", "dt0c01.", CharacterSet.TOKEN_DOT, 60),
            mixed("sentry-token", "sntrys_", CharacterSet.TOKEN_EQ, 40),
            mixed("sentry-token", "sntryu_", CharacterSet.HEX, 40),
            generated("fly-token", "FlyV1", CharacterSet.BASE64, 60),
            mixed("supabase-key", "sbp_", CharacterSet.HEX, 40),
            form("age-key", "AGE-SECRET-KEY-1", CharacterSet.UPPER_DIGIT, 50),
            generated("pulumi-token", "pul-", CharacterSet.HEX, 40),
            generated("easypost-key", "EZAK", CharacterSet.ALNUM, 54),
            mixed("facebook-token", "EAACEdEose0cBA", CharacterSet.ALNUM, 20),
            generated("facebook-token", "EAAG", CharacterSet.ALNUM, 60),
            mixed("algolia-key", "ALGOLIA-", CharacterSet.TOKEN, 20));

    private static TokenForm aws(String prefix) {
        byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
        return new TokenForm("aws-access-key", bytes, CharacterSet.UPPER_DIGIT, 16, 16, Proof.NONE);
    }

    private static TokenForm form(String kind, String prefix, CharacterSet set, int least) {
        return new TokenForm(kind, prefix.getBytes(StandardCharsets.US_ASCII), set, least, ANY, Proof.NONE);
    }

    private static TokenForm mixed(String kind, String prefix, CharacterSet set, int least) {
        return new TokenForm(kind, prefix.getBytes(StandardCharsets.US_ASCII), set, least, ANY, Proof.MIXED);
    }

    private static TokenForm generated(String kind, String prefix, CharacterSet set, int least) {
        byte[] bytes = prefix.getBytes(StandardCharsets.US_ASCII);
        return new TokenForm(kind, bytes, set, least, ANY, Proof.GENERATED);
    }

    private static TokenForm exact(String kind, String prefix, CharacterSet set, int length) {
        return new TokenForm(kind, prefix.getBytes(StandardCharsets.US_ASCII), set, length, length, Proof.GENERATED);
    }

    /** Where the token that begins at {@code at} ends, exclusive; -1 if none of this form begins there. */
    int end(byte[] text, int at) {
        if (at + prefix.length + least > text.length) {
            return -1;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (text[at + i] != prefix[i]) {
                return -1;
            }
        }
        int from = at + prefix.length;
        int limit = Math.min(text.length, from + most + 1);
        int to = from;
        int digits = 0;
        int capitals = 0;
        int small = 0;
        while (to < limit && set.has(text[to])) {
            byte b = text[to];
            digits += b >= '0' && b <= '9' ? 1 : 0;
            capitals += b >= 'A' && b <= 'Z' ? 1 : 0;
            small += b >= 'a' && b <= 'z' ? 1 : 0;
            to++;
        }
        int length = to - from;
        boolean whole = length <= most && (to == text.length || most == ANY || !CharacterSet.WORD.has(text[to]));
        return length >= least && whole && proven(digits, capitals, small) ? to : -1;
    }

    private boolean proven(int digits, int capitals, int small) {
        int letters = capitals + small;
        return switch (proof) {
            case NONE -> true;
            case MIXED -> digits > 0 && letters > 1 || capitals > 1 && small > 1;
            case GENERATED ->
                digits > 1 && letters > 1
                        || digits > 0 && capitals * 4 >= letters && small * 4 >= letters
                        || capitals * 3 >= letters && small * 3 >= letters;
        };
    }
}
