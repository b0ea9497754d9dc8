package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.protocol.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a hub says that a repository holds at a revision.
 *
 * @param commit the revision exactly
 * @param licence empty: it does not say
 */
record HubListing(String commit, String licence, List<File> files) {
    private static final int FILES_MAX = 100_000;

    HubListing {
        files = List.copyOf(files);
    }

    /**
     * A file.
     *
     * @param bytes -1: the hub does not say
     * @param sha256 of large files
     * @param gitBlob of small ones, in hexadecimal digits; empty: the hub does not say
     */
    record File(String path, long bytes, Optional<ContentHash> sha256, String gitBlob) {}

    static HubListing read(String json, String where) throws CatalogueRefused {
        JsonFields fields = JsonFields.of(json, "the answer of " + where);
        String commit = fields.text("sha");
        if (!commit.matches("[0-9a-f]{7,64}")) {
            throw new CatalogueRefused(Reply.Reason.FAILED, where + " names the commit '" + commit + "'");
        }
        List<JsonFields> siblings = fields.objects("siblings");
        if (siblings.size() > FILES_MAX) {
            throw new CatalogueRefused(
                    Reply.Reason.FAILED,
                    where + " names " + siblings.size() + " files, at most " + FILES_MAX + " are read");
        }
        List<File> files = new ArrayList<>();
        for (JsonFields file : siblings) {
            Optional<ContentHash> hash =
                    file.has("lfs") ? Optional.of(file.object("lfs").hash("sha256")) : Optional.empty();
            String blob = file.has("blobId") ? file.text("blobId") : "";
            files.add(new File(
                    file.text("rfilename"),
                    file.has("size") ? file.number("size") : -1,
                    hash,
                    blob.matches("[0-9a-f]{40}") ? blob : ""));
        }
        return new HubListing(commit, licence(fields), files);
    }

    private static String licence(JsonFields fields) throws CatalogueRefused {
        return fields.has("cardData") && fields.object("cardData").hasText("license")
                ? fields.object("cardData").text("license")
                : "";
    }

    /** The files of the one model that is meant. */
    List<File> choose(ModelSource.Hub source) throws CatalogueRefused {
        List<String> paths = files.stream().map(File::path).toList();
        List<String> chosen = ModelFiles.choose(named(paths, source), source.text());
        return chosen.stream()
                .map(path -> files.stream()
                        .filter(file -> file.path().equals(path))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    /** Those that fit what the source names: a path, the first of several parts, or a word such as {@code Q4_K_M}. */
    private static List<String> named(List<String> paths, ModelSource.Hub source) throws CatalogueRefused {
        String file = source.file();
        if (file.isEmpty()) {
            return paths;
        }
        if (paths.contains(file)) {
            return ModelFiles.partsLike(file, paths);
        }
        String word = file.toLowerCase(Locale.ROOT);
        List<String> fit = word.endsWith(".gguf")
                ? List.of()
                : paths.stream()
                        .filter(path -> path.toLowerCase(Locale.ROOT).endsWith(".gguf")
                                && path.toLowerCase(Locale.ROOT).contains(word))
                        .toList();
        if (fit.isEmpty()) {
            throw new CatalogueRefused(
                    Reply.Reason.NOT_FOUND,
                    source.text() + " is not there: the repository holds "
                            + ModelFiles.shown(paths.stream()
                                    .filter(path -> path.endsWith(".gguf") || path.endsWith(".safetensors"))
                                    .toList()));
        }
        return fit;
    }
}
