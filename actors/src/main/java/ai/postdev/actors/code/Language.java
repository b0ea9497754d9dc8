package ai.postdev.actors.code;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The language of a document, told from its name. {@link #TEXT} is every text without a language of its own here. */
public enum Language {
    JAVA("java", "java"),
    PYTHON("python", "py", "pyi", "pyw"),
    GO("go", "go"),
    RUST("rust", "rs"),
    TYPESCRIPT("typescript", "ts", "mts", "cts"),
    TSX("tsx", "tsx"),
    JAVASCRIPT("javascript", "js", "mjs", "cjs", "jsx"),
    C("c", "c", "h"),
    CPP("cpp", "cpp", "cc", "cxx", "hpp", "hh", "hxx", "ipp"),
    KOTLIN("kotlin", "kt", "kts"),
    BASH("bash", "sh", "bash"),
    MARKDOWN("markdown", "md", "markdown", "mdx"),
    SCALA("scala", "scala", "sbt"),
    RUBY("ruby", "rb"),
    PHP("php", "php"),
    CSHARP("csharp", "cs"),
    SWIFT("swift", "swift"),
    SQL("sql", "sql"),
    HTML("html", "html", "htm"),
    CSS("css", "css", "scss", "less"),
    JSON("json", "json"),
    YAML("yaml", "yaml", "yml"),
    TOML("toml", "toml"),
    XML("xml", "xml", "xsd", "pom"),
    PROTO("proto", "proto"),
    TEXT("text");

    private static final Map<String, Language> BY_EXTENSION = new HashMap<>();
    private static final Map<String, Language> BY_ID = new HashMap<>();

    static {
        for (Language language : values()) {
            BY_ID.put(language.id, language);
            for (String extension : language.extensions) {
                BY_EXTENSION.put(extension, language);
            }
        }
    }

    private final String id;
    private final List<String> extensions;

    Language(String id, String... extensions) {
        this.id = id;
        this.extensions = List.of(extensions);
    }

    /** The name used in filters, answers and the journal. */
    public String id() {
        return id;
    }

    /** File name extensions, without the dot, lower case. */
    public List<String> extensions() {
        return extensions;
    }

    /** The language named {@code id}; {@link #TEXT} for a name this version does not know. */
    public static Language byId(String id) {
        return BY_ID.getOrDefault(id.toLowerCase(Locale.ROOT), TEXT);
    }

    /** The language of the file at {@code path}. */
    public static Language ofPath(String path) {
        String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int dot = name.lastIndexOf('.');
        return dot < 0 ? TEXT : BY_EXTENSION.getOrDefault(name.substring(dot + 1), TEXT);
    }
}
