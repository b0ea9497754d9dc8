package ai.postdev.app.bench;

import ai.postdev.app.bench.Ndcg.Entry;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The question sets of the semble benchmark: {@code repos.json} and {@code annotations/NAME.json} in one folder. */
final class SembleQuestions {
    private SembleQuestions() {}

    /**
     * A repository and its questions.
     *
     * @param root folder of the repository that is indexed; empty for all of it
     */
    record Repository(String name, String language, String root, List<Question> questions) {}

    /**
     * A question in plain words or by name.
     *
     * @param needed what answers it
     * @param targets that, and what helps besides
     */
    record Question(String query, String category, List<Entry> needed, List<Entry> targets) {}

    /**
     * Reads every repository whose annotations are there.
     *
     * @throws IOException if a file is missing or is not what it should be
     */
    static List<Repository> read(Path folder) throws IOException {
        Path index = folder.resolve("repos.json");
        if (!Files.isRegularFile(index)) {
            throw new IOException("no repos.json in " + folder
                    + "; give the folder with repos.json and annotations/ by --questions FOLDER");
        }
        List<Repository> repositories = new ArrayList<>();
        for (JsonElement element : array(index)) {
            JsonObject repository = element.getAsJsonObject();
            String name = repository.get("name").getAsString();
            Path annotations = folder.resolve("annotations").resolve(name + ".json");
            if (Files.isRegularFile(annotations)) {
                List<Question> questions = new ArrayList<>();
                array(annotations).forEach(question -> questions.add(question(question.getAsJsonObject())));
                repositories.add(new Repository(
                        name, text(repository, "language"), text(repository, "benchmark_root"), questions));
            }
        }
        return repositories;
    }

    private static JsonArray array(Path file) throws IOException {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonArray();
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException(file + " is not a JSON list: " + e.getMessage(), e);
        }
    }

    private static Question question(JsonObject question) {
        String query = question.get("query").getAsString();
        List<Entry> needed = entries(question, "relevant");
        List<Entry> targets = new ArrayList<>(needed);
        targets.addAll(entries(question, "secondary"));
        return new Question(query, category(question, query), needed, targets);
    }

    private static List<Entry> entries(JsonObject question, String list) {
        List<Entry> entries = new ArrayList<>();
        if (question.has(list)) {
            question.getAsJsonArray(list).forEach(target -> entries.add(entry(target)));
        }
        return entries;
    }

    private static Entry entry(JsonElement target) {
        if (target.isJsonPrimitive()) {
            return Entry.file(target.getAsString());
        }
        JsonObject lines = target.getAsJsonObject();
        return new Entry(lines.get("path").getAsString(), number(lines, "start_line"), number(lines, "end_line"));
    }

    private static int number(JsonObject object, String key) {
        return object.has(key) && !object.get(key).isJsonNull()
                ? object.get(key).getAsInt()
                : 0;
    }

    private static String text(JsonObject object, String key) {
        return object.has(key) && !object.get(key).isJsonNull()
                ? object.get(key).getAsString()
                : "";
    }

    /** The annotated category, or the benchmark's rule of thumb where it is absent. */
    private static String category(JsonObject question, String query) {
        String annotated = text(question, "category");
        if (!annotated.isEmpty()) {
            return annotated;
        }
        boolean words = query.strip().contains(" ");
        return !words
                ? "symbol"
                : query.strip().toLowerCase(Locale.ROOT).startsWith("how ") ? "architecture" : "semantic";
    }
}
