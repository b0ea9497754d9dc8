package ai.postdev.dragon.lake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.HybridTime;
import ai.postdev.actors.op.Operation;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.op.ProjectId;
import ai.postdev.dragon.lake.journal.JournalRefused;
import ai.postdev.dragon.lake.journal.JournalWrite;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LakeFilesTest {
    private static final ProjectId PROJECT = new ProjectId("4f2a9c0d");
    private static final Executor HERE = Runnable::run;
    private static final Executor NEVER = _ -> {
        throw new AssertionError("the lake was read ahead and is read again");
    };

    @TempDir
    Path data;

    private LakeFiles open() throws JournalRefused {
        return LakeFiles.open(data, ConfigFactory.load());
    }

    private static void remember(LakeFiles files, int notes) {
        for (long sequence = files.journal().lastSequence(PROJECT) + 1; sequence <= notes; sequence++) {
            Body note = new Body.AppendEvent("note", sequence, "note " + sequence, Map.of(), List.of());
            assertInstanceOf(
                    JournalWrite.Written.class,
                    files.journal()
                            .append(
                                    List.of(new Operation(
                                            PROJECT,
                                            new Origin("laptop"),
                                            sequence,
                                            HybridTime.of(1_700_000_000_000L + sequence, 0),
                                            note)),
                                    List.of()));
        }
    }

    @Test
    void aLakeReadAheadIsTakenOnceAndThenReadAnew() throws Exception {
        try (LakeFiles files = open()) {
            remember(files, 3);
            files.readAhead(PROJECT);
            OpenLake ahead = files.take(PROJECT, NEVER).join();
            assertEquals(3, ahead.replayed());

            ahead.close();
            remember(files, 5);
            OpenLake again = files.take(PROJECT, HERE).join();
            assertNotSame(ahead, again);
            assertEquals(5, again.replayed());
            again.close();
        }
    }

    @Test
    void aLakeThatWasTakenIsNotReadAhead() throws Exception {
        try (LakeFiles files = open()) {
            remember(files, 1);
            try (OpenLakeOwner first =
                    new OpenLakeOwner(files.take(PROJECT, HERE).join())) {
                files.readAhead(PROJECT);
                assertEquals(1, first.lake().replayed());
            }
            remember(files, 2);
            // One read while the first owner was writing would not know what it wrote.
            OpenLake second = files.take(PROJECT, HERE).join();
            assertEquals(2, second.replayed());
            second.close();
        }
    }

    @Test
    void closingLetsGoOfWhatNobodyTook() throws Exception {
        LakeFiles files = open();
        remember(files, 1);
        files.readAhead(PROJECT);
        files.close();
        try (LakeFiles next = open()) {
            // The text index has one owner at a time: a lake that was left open would still be it.
            next.take(PROJECT, HERE).join().close();
        }
    }

    @Test
    void whatCouldNotBeReadAheadSaysWhyAndIsReadAgain() throws Exception {
        Path folder = data.resolve("lakes").resolve(PROJECT.value());
        try (LakeFiles files = open()) {
            remember(files, 1);
            Files.createDirectories(folder.getParent());
            Files.writeString(folder, "no folder");
            files.readAhead(PROJECT);
            Throwable failed = assertThrows(
                    CompletionException.class, () -> files.take(PROJECT, NEVER).join());
            assertTrue(failed.getMessage().contains(folder.toString()), failed::getMessage);
            Files.delete(folder);
            files.take(PROJECT, HERE).join().close();
        }
    }

    private record OpenLakeOwner(OpenLake lake) implements AutoCloseable {
        @Override
        public void close() {
            lake.close();
        }
    }
}
