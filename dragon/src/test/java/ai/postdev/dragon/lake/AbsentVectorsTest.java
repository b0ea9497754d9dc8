package ai.postdev.dragon.lake;

import static ai.postdev.dragon.lake.Seeded.ORIGIN;
import static ai.postdev.dragon.lake.Seeded.PROJECT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.code.Language;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.ContentHash;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.VersionVector;
import ai.postdev.actors.op.WorkspaceId;
import ai.postdev.actors.protocol.LakeProtocol.Chunks;
import ai.postdev.actors.protocol.LakeProtocol.Unembedded;
import ai.postdev.actors.protocol.Reply;
import ai.postdev.dragon.lake.code.CodeEngine;
import ai.postdev.dragon.lake.code.CodeSettings;
import ai.postdev.dragon.lake.history.HistoryEngine;
import ai.postdev.dragon.lake.history.HistorySettings;
import ai.postdev.dragon.lake.journal.Journal;
import ai.postdev.dragon.lake.journal.JournalSettings;
import ai.postdev.dragon.lake.metadata.MetadataEngine;
import ai.postdev.dragon.lake.metadata.MetadataSettings;
import ai.postdev.dragon.lake.syntax.Syntax;
import ai.postdev.dragon.lake.text.TextIndex;
import ai.postdev.dragon.lake.vector.VectorEngine;
import ai.postdev.dragon.lake.vector.VectorSettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Code store, vector store and journal together: an embedding leaves with its text and comes back with it. */
class AbsentVectorsTest {
    private static final Config CONFIG = ConfigFactory.load();
    private static final WorkspaceId WORKSPACE = new WorkspaceId("w");
    private static final String MODEL = "m";
    private static final int MAX = 3;

    @TempDir
    Path dir;

    private final CodeEngine code = new CodeEngine(CodeSettings.from(CONFIG), _ -> Optional.empty());
    private final VectorEngine vector = new VectorEngine(new VectorSettings(MAX, 1), code::supersededAt);
    private final TextIndex text = TextIndex.inMemory();
    private final HistoryEngine history = new HistoryEngine(new HistorySettings(1, 100));
    private final MetadataEngine metadata = new MetadataEngine(new MetadataSettings(10, 2, 10, 10));
    private Journal journal;
    private long sequence;
    private int restored;

    @BeforeEach
    void open() throws IOException {
        journal = Journal.open(dir, JournalSettings.from(CONFIG));
    }

    @AfterEach
    void close() throws IOException {
        text.close();
        journal.close();
    }

    private Operation write(Body body) {
        sequence++;
        Operation operation = Seeded.operation(ORIGIN, sequence, 1_000 + sequence, body);
        journal.append(List.of(operation), List.of());
        return operation;
    }

    /** The file now holds this text, which is one chunk. */
    private void save(String path, String content) {
        byte[] utf8 = content.getBytes(StandardCharsets.UTF_8);
        ContentHash hash = ContentHash.of(utf8);
        Body put = new Body.PutDocument(WORKSPACE, path, hash, utf8.length, Language.TEXT, 1, utf8.length);
        code.fold(Seeded.operation(++sequence, 1_000 + sequence, put), Map.of(hash, utf8));
        journal.append(
                List.of(Seeded.operation(sequence, 1_000 + sequence, put)),
                List.of(new ai.postdev.actors.protocol.LakeProtocol.Blob(hash, utf8)));
        Syntax.Chunk chunk = new Syntax.Chunk(1, 1, 0, utf8.length, "");
        code.attachSyntax(hash, new Syntax(List.of(), List.of(chunk), List.of(), true));
    }

    /** What the embedder is given, embedded and stored. */
    private List<String> embed() {
        Views views = new Views(
                code.view(), text.current(), vector.view(), history.view(), metadata.view(), VersionVector.EMPTY);
        AbsentVectors absent = new AbsentVectors(PROJECT, journal, 100, (operations, wanted) -> {
            restored += operations.size();
            vector.restore(operations, wanted);
        });
        Chunks chunks =
                ((Reply.Answered<Chunks>) absent.unembedded(views, new Unembedded(MODEL, 100, null), 100)).answer();
        chunks.chunks()
                .forEach(chunk -> vector.apply(write(new Body.PutEmbedding(
                        chunk.hash(), MODEL, new float[] {chunk.text().length(), 1}))));
        assertEquals(chunks.chunks().size(), chunks.remaining());
        return chunks.chunks().stream().map(chunk -> chunk.text()).toList();
    }

    private boolean inMemory(String content) {
        return vector.view().contains(MODEL, ContentHash.of(content));
    }

    @Test
    void anEmbeddingLeavesWithItsTextAndComesBackFromTheJournal() {
        save("a", "one");
        save("b", "two two");
        save("c", "three three three");
        assertEquals(3, embed().size());
        save("a", "another");
        assertTrue(inMemory("one"), "kept for questions about the past while there is room");
        assertEquals(List.of("another"), embed());
        assertFalse(inMemory("one"), "it made room");
        assertTrue(inMemory("two two") && inMemory("three three three") && inMemory("another"));
        assertEquals(0, vector.view().lacking());
        save("a", "one");
        assertEquals(List.of(), embed(), "the journal has it");
        assertEquals(1, restored);
        assertTrue(inMemory("one"));
        assertFalse(inMemory("another"));
        assertEquals(
                ContentHash.of("one"),
                vector.view().nearest(MODEL, new float[] {3, 1}, 1).getFirst().hash());
    }

    @Test
    void moreThanFitsIsSaidToLackAndComesInWhenThereIsRoom() {
        save("a", "one");
        save("b", "two two");
        save("c", "three three three");
        save("d", "four");
        assertEquals(4, embed().size());
        assertEquals(1, vector.view().lacking());
        assertEquals(List.of(), embed(), "it is not embedded over and over");
        assertEquals(1, vector.view().lacking());
        save("a", "two two"); // what b holds; nothing new to embed, and "one" goes, or "four" came first
        save("b", "two two");
        assertEquals(List.of(), embed());
        assertEquals(0, vector.view().lacking());
        assertTrue(inMemory("four") || !inMemory("one"));
        assertTrue(inMemory("two two") && inMemory("three three three") && inMemory("four"));
    }

    @Test
    void whatTheJournalDoesNotHaveIsEmbeddedAgain() {
        save("a", "one");
        embed();
        for (String next : List.of("2", "33", "444")) {
            save("a", next);
            // never written: as if damage had taken it
            vector.apply(Seeded.operation(
                    ++sequence, 1, new Body.PutEmbedding(ContentHash.of(next), MODEL, new float[] {next.length(), 1})));
        }
        assertFalse(inMemory("one"));
        save("b", "5555");
        embed();
        assertFalse(inMemory("2"));
        save("a", "2");
        assertEquals(List.of("2"), embed());
        assertTrue(inMemory("2"));
    }
}
