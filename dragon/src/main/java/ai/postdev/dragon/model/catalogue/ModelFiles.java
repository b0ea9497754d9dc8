package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which of the files of a folder or repository make up the one model that is meant. */
final class ModelFiles {
    private static final Pattern SPLIT =
            Pattern.compile("(.+)-(\\d{5})-of-(\\d{5})\\.(gguf|safetensors)", Pattern.CASE_INSENSITIVE);
    /** The first of these that is there is taken of several: small, and hardly worse than the largest. */
    private static final List<String> PREFERRED = List.of("q4_k_m", "q4_k_s", "q4_0", "q5_k_m", "q8_0");

    private static final List<String> BESIDE_SAFETENSORS = List.of(
            "config.json",
            "generation_config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "tokenizer.model",
            "special_tokens_map.json",
            "vocab.json",
            "merges.txt",
            "added_tokens.json",
            "chat_template.jinja",
            "model.safetensors.index.json");

    private static final int SHOWN_MAX = 12;

    private ModelFiles() {}

    /** The last part of a path, which must be able to be a file's name here. */
    static String checked(String path, String where) throws CatalogueRefused {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!ManifestText.isFileName(name)) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    where + " has a file named '" + name + "', expected letters, digits and '._+ -', at most 200");
        }
        return name;
    }

    /**
     * The files of the model, what an engine opens first: a GGUF file in one or more parts, or else safetensors with what
     * belongs to them.
     *
     * @param paths of all files
     * @throws CatalogueRefused if there is none, or several and none is preferred: with those that there are
     */
    static List<String> choose(List<String> paths, String where) throws CatalogueRefused {
        TreeMap<String, List<String>> models = new TreeMap<>();
        for (String path : paths) {
            if (isGguf(path) && !isProjector(path)) {
                Matcher split = SPLIT.matcher(path);
                models.computeIfAbsent(split.matches() ? split.group(1) : path, _ -> new ArrayList<>())
                        .add(path);
            }
        }
        if (models.isEmpty()) {
            return safetensors(paths, where);
        }
        List<String> chosen = models.size() == 1 ? models.firstEntry().getValue() : preferred(models, where);
        return whole(chosen.stream().sorted().toList(), where);
    }

    private static boolean isGguf(String path) {
        return path.toLowerCase(Locale.ROOT).endsWith(".gguf");
    }

    /** Of a model that sees, the part that is none by itself. */
    private static boolean isProjector(String path) {
        return path.toLowerCase(Locale.ROOT).contains("mmproj");
    }

    private static List<String> preferred(TreeMap<String, List<String>> models, String where) throws CatalogueRefused {
        for (String kind : PREFERRED) {
            List<String> fit = models.keySet().stream()
                    .filter(name -> name.toLowerCase(Locale.ROOT).contains(kind))
                    .toList();
            if (fit.size() == 1) {
                return models.get(fit.getFirst());
            }
            if (fit.size() > 1) {
                break; // two models, not two ways to write one
            }
        }
        throw new CatalogueRefused(
                Reply.Reason.PRECONDITION,
                where + " holds " + models.size() + " models; name the file of one of them: "
                        + shown(List.copyOf(models.keySet())));
    }

    /** The first of them, for messages. */
    static String shown(List<String> names) {
        return names.isEmpty()
                ? "no weights"
                : String.join(", ", names.stream().limit(SHOWN_MAX).toList()) + (names.size() > SHOWN_MAX ? ", …" : "");
    }

    /** A file, or if it is one of several parts, all of them that are there. */
    static List<String> partsLike(String file, List<String> paths) {
        Matcher split = SPLIT.matcher(file);
        if (!split.matches()) {
            return List.of(file);
        }
        return paths.stream()
                .filter(path -> {
                    Matcher other = SPLIT.matcher(path);
                    return other.matches()
                            && other.group(1).equals(split.group(1))
                            && other.group(3).equals(split.group(3));
                })
                .toList();
    }

    /** A model in parts must have them all. */
    static List<String> whole(List<String> chosen, String where) throws CatalogueRefused {
        Matcher first = SPLIT.matcher(chosen.getFirst());
        if (!first.matches()) {
            return chosen;
        }
        int parts = Integer.parseInt(first.group(3));
        for (int i = 0; i < parts; i++) {
            String expected = String.format(Locale.ROOT, "%s-%05d-of-%05d", first.group(1), i + 1, parts);
            if (i >= chosen.size()
                    || !chosen.get(i).toLowerCase(Locale.ROOT).startsWith(expected.toLowerCase(Locale.ROOT))) {
                throw new CatalogueRefused(
                        Reply.Reason.PRECONDITION, where + " lacks the part " + expected + "." + first.group(4));
            }
        }
        return chosen;
    }

    private static List<String> safetensors(List<String> paths, String where) throws CatalogueRefused {
        List<String> weights = paths.stream()
                .filter(path -> path.endsWith(".safetensors") && path.indexOf('/') < 0)
                .sorted()
                .toList();
        if (weights.isEmpty() || !paths.contains("config.json")) {
            throw new CatalogueRefused(
                    Reply.Reason.PRECONDITION,
                    where + " holds no model that can be used here: expected a .gguf file, or .safetensors beside"
                            + " config.json");
        }
        // Beside a model in parts some have the same weights once more in one file, for other programs.
        List<String> parts =
                weights.stream().filter(path -> SPLIT.matcher(path).matches()).toList();
        List<String> all = new ArrayList<>(whole(parts.isEmpty() ? weights : parts, where));
        BESIDE_SAFETENSORS.stream().filter(paths::contains).forEach(all::add);
        return all;
    }
}
