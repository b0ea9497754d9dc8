package ai.postdev.dragon.lake.retrieval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.Seeded;
import ai.postdev.dragon.lake.code.CodeView;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.Supersession;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import ai.postdev.dragon.lake.vector.VectorView;
import ai.postdev.v1.SearchRequest;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Search by meaning in a part of a project, or in its past, among many chunks that are nearer and not wanted. */
@Execution(ExecutionMode.CONCURRENT)
class NearChunksTest {
    private static final Config CONFIG =
            ConfigFactory.parseResources("reference.conf").resolve();
    private static final String MODEL = "m";
    private static final int DIMENSIONS = 8;
    private static final int K = 7;

    private final TextIndex index = TextIndex.inMemory();
    private final VectorEngine vectors = new VectorEngine(VectorSettings.from(CONFIG), Supersession.NONE);
    private final TestCode code = new TestCode(CONFIG, index);
    private final Random random = Seeded.random("NearChunksTest");
    private final Map<ContentHash, float[]> embeddings = new HashMap<>();
    private long sequence;

    @AfterEach
    void close() {
        index.close();
        vectors.close();
    }

    private float[] vector() {
        float[] vector = new float[DIMENSIONS];
        double squares = 0;
        for (int d = 0; d < DIMENSIONS; d++) {
            vector[d] = (float) random.nextGaussian();
            squares += vector[d] * vector[d];
        }
        for (int d = 0; d < DIMENSIONS; d++) {
            vector[d] /= (float) Math.sqrt(squares);
        }
        return vector;
    }

    /** A file of one chunk, embedded. */
    private void save(String path, String text) {
        code.put(path, text);
        Syntax.Chunk chunk = new Syntax.Chunk(1, 1, 0, text.length(), "");
        code.parsed(path, new Syntax(List.of(), List.of(chunk), List.of(), true));
        float[] vector = vector();
        if (embeddings.putIfAbsent(ContentHash.of(text), vector) == null) {
            sequence++;
            vectors.apply(
                    Seeded.operation(sequence, sequence, new Body.PutEmbedding(ContentHash.of(text), MODEL, vector)));
        }
    }

    private void check(CodeView view, Map<String, String> files, String path, String language) {
        Scope scope = Scope.of(
                SearchRequest.newBuilder().setPath(path).setLanguage(language).build());
        float[] query = vector();
        NearChunks near = new NearChunks(view, scope, vectors.view(), MODEL);
        Map<ContentHash, List<String>> wanted = files.entrySet().stream()
                .filter(file -> (path.isEmpty() || file.getKey().startsWith(path.replace("**", "")))
                        && (language.isEmpty() || file.getKey().endsWith(".java")))
                .collect(Collectors.groupingBy(
                        file -> ContentHash.of(file.getValue()),
                        Collectors.mapping(Map.Entry::getKey, Collectors.toList())));
        List<ContentHash> expected = new ArrayList<>(wanted.keySet());
        expected.sort((a, b) -> Double.compare(dot(b, query), dot(a, query)));
        List<ContentHash> found = near.nearest(query, K).stream()
                .map(VectorView.Neighbour::hash)
                .limit(K)
                .toList();
        String what = "path '" + path + "', language '" + language + "'";
        assertEquals(expected.stream().limit(K).toList(), found, what);
        found.forEach(hash -> assertEquals(
                wanted.get(hash),
                near.places(hash).stream()
                        .map(hit -> hit.document().path())
                        .sorted()
                        .toList(),
                what));
    }

    private double dot(ContentHash hash, float[] query) {
        double sum = 0;
        for (int d = 0; d < DIMENSIONS; d++) {
            sum += (double) embeddings.get(hash)[d] * query[d];
        }
        return sum;
    }

    private void checkAll(CodeView view, Map<String, String> files) {
        for (String path : List.of("", "a/**", "b/**", "rare/**", "none/**")) {
            for (String language : List.of("", "java")) {
                check(view, files, path, language);
            }
        }
    }

    @Test
    void theNearestAreThoseOfTheDocumentsWanted() {
        Map<String, String> files = new TreeMap<>();
        Map<Long, Map<String, String>> then = new TreeMap<>();
        for (int step = 0; step < 1_500; step++) {
            String folder = random.nextInt(100) == 0 ? "rare/" : random.nextBoolean() ? "a/" : "b/";
            String path = folder + random.nextInt(60) + (random.nextInt(4) == 0 ? ".py" : ".java");
            // texts come back and stand in several files; most chunks that were embedded stand nowhere in the end
            String text = "text " + random.nextInt(1 + step * 2);
            save(path, text);
            files.put(path, text);
            if (step % 300 == 150) {
                then.put(code.view().sequence(), Map.copyOf(files));
                checkAll(code.view(), files);
            }
        }
        checkAll(code.view(), files);
        then.forEach((moment, past) -> {
            CodeView view = code.view().at(moment);
            assertFalse(view.isIndexed());
            checkAll(view, new TreeMap<>(past));
        });
    }

    @Test
    void aHundredReplacedVersionsDoNotHideTheOneThatStands() {
        for (int version = 0; version < 200; version++) {
            save("a.java", "text " + version);
        }
        save("b.java", "other");
        check(code.view(), Map.of("a.java", "text 199", "b.java", "other"), "", "");
    }
}
