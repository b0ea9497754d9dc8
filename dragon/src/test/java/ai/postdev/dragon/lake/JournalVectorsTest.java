package ai.postdev.dragon.lake;

import static ai.postdev.dragon.lake.Seeded.ORIGIN;
import static ai.postdev.dragon.lake.Seeded.PROJECT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.vector.VectorView.Place;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Embeddings in full, as a search reads them from a real journal. */
class JournalVectorsTest {
    @TempDir
    Path dir;

    private final Map<Integer, float[]> read = new TreeMap<>();

    @Test
    void embeddingsAreReadByTheirPlaceAndAClosedJournalSaysSo() throws IOException {
        Journal journal = Journal.open(dir, JournalSettings.from(ConfigFactory.load()));
        for (int i = 1; i <= 3; i++) {
            Body put = new Body.PutEmbedding(ContentHash.of("c" + i), "m", new float[] {i, -i});
            journal.append(List.of(Seeded.operation(i, 1_000 + i, put)), List.of());
        }
        journal.append(List.of(Seeded.operation(4, 1_004, new Body.SetSetting("k", "v"))), List.of());
        JournalVectors vectors = new JournalVectors(PROJECT, journal);
        List<Place> places =
                List.of(new Place(ORIGIN, 3), new Place(ORIGIN, 99), new Place(ORIGIN, 4), new Place(ORIGIN, 1));
        long later = System.nanoTime() + Long.MAX_VALUE / 4;
        assertEquals(Optional.empty(), vectors.read(places, later, read::put));
        assertEquals(Set.of(0, 3), read.keySet(), "neither what is not there nor what is no embedding");
        assertArrayEquals(new float[] {3, -3}, read.get(0));
        assertArrayEquals(new float[] {1, -1}, read.get(3));

        read.clear();
        assertEquals(Optional.empty(), vectors.read(places, System.nanoTime(), read::put));
        assertTrue(read.isEmpty(), "time had run out");

        journal.close();
        assertTrue(vectors.read(places, later, read::put).orElseThrow().contains("is closed"));
        assertTrue(read.isEmpty());
    }
}
