package ai.postdev.dragon.lake.retrieval;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a file is for, told from its path. Code that does the work ranks before code that tests, shows, copies or only
 * names it.
 *
 * @param factor on the score of its hits
 * @param words for people; empty for ordinary code
 */
record FileRole(double factor, String words) {
    private static final FileRole ORDINARY = new FileRole(1, "");

    private record Rule(Pattern path, FileRole role) {}

    private static final String NAME_END = "[^/]*$";

    private static final List<Rule> RULES = List.of(
            rule(
                    "(^|/)(vendor|vendored|third_party|third-party|node_modules|extern|externals|single_include)/",
                    0.3,
                    "vendored"),
            rule(
                    "(^|/)(generated|gen|__generated__)/|\\.(pb|g|generated|gen)\\.[a-z]+$|_pb2(_grpc)?\\.pyi?$|\\.min\\.[a-z]+$|[-_.]lock(\\.[a-z]+)?$",
                    0.3,
                    "generated"),
            rule(
                    "(^|/)(tests?|__tests__|testing|testdata|test-data|fixtures?|specs?|e2e|mocks?|__mocks__)/"
                            + "|(^|/)(test_|conftest\\.)" + NAME_END
                            + "|[_.](test|tests|spec)\\.[a-z]+$|(Test|Tests|TestCase|Spec|Suite)\\.(java|kt|kts|scala|swift|cs|php|groovy)$",
                    0.3,
                    "test"),
            rule("(^|/)_?(examples?|samples?|demos?|docs?_src|benchmarks?|bench)/", 0.3, "example"),
            rule("(^|/)_?(compat|legacy|deprecated)/", 0.3, "kept for compatibility"),
            rule("(^|/)(__init__\\.pyi?|package-info\\.java|module-info\\.java)$", 0.5, "names a package"),
            rule("\\.(d\\.ts|pyi)$", 0.7, "declarations"));

    private static final Set<String> PROSE = Set.of(
            "md",
            "markdown",
            "mdx",
            "rst",
            "adoc",
            "txt",
            "json",
            "yaml",
            "yml",
            "toml",
            "xml",
            "html",
            "css",
            "csv",
            "svg",
            "ini",
            "cfg",
            "properties");

    /** Text around the code answers a question about code less often than the code. */
    private static final FileRole BESIDE = new FileRole(0.6, "no code");

    private static Rule rule(String path, double factor, String words) {
        return new Rule(Pattern.compile(path), new FileRole(factor, words));
    }

    static FileRole of(String path) {
        for (Rule rule : RULES) {
            if (rule.path.matcher(path).find()) {
                return rule.role;
            }
        }
        int dot = path.lastIndexOf('.');
        boolean prose = dot > path.lastIndexOf('/')
                && PROSE.contains(path.substring(dot + 1).toLowerCase(Locale.ROOT));
        return prose ? BESIDE : ORDINARY;
    }

    /** Whether {@code query} itself asks for files of this role, so that they must not be ranked lower. */
    boolean isWantedBy(QueryText query) {
        return !words.isEmpty()
                && query.words().stream().anyMatch(word -> word.terms().contains(words));
    }
}
