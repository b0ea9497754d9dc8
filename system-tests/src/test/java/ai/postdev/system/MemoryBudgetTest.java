package ai.postdev.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.app.NodeMain;
import ai.postdev.developer.client.ClientFault;
import ai.postdev.developer.client.NodeClient;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.Hit;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.MemoryShare;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.UpRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node that has to keep far more text than its memory budget allows. */
class MemoryBudgetTest {
    private static final int FILES = 600;
    private static final long TEXTS = 30 << 20;
    private static final long SMALL = 8 << 20;

    @TempDir
    Path dir;

    private Path folder;
    private NodeProcess node;

    @AfterEach
    void end() throws InterruptedException {
        if (node != null) {
            node.close();
        }
    }

    private void plant() throws IOException {
        Random random = new Random(5);
        folder = dir.resolve("project");
        for (int i = 0; i < FILES; i++) {
            Path file = folder.resolve("part" + i % 20 + "/file" + i + ".txt");
            Files.createDirectories(file.getParent());
            StringBuilder text = new StringBuilder(mark(i) + "\n");
            while (text.length() < TEXTS / FILES) {
                text.append(PlainWords.some(random, 12)).append('\n');
            }
            Files.writeString(file, text);
        }
    }

    private static String mark(int file) {
        return "unique" + file + "z";
    }

    private static long used(LakeAnswer memory, String store) {
        return memory.getSharesList().stream()
                .filter(share -> share.getStore().equals(store))
                .mapToLong(MemoryShare::getUsedBytes)
                .sum();
    }

    private static void everyTextIsFound(NodeClient client) throws ClientFault {
        for (int i = 0; i < FILES; i += 29) {
            SearchAnswer answer = client.search(SearchRequest.newBuilder()
                    .setQuery(mark(i))
                    .setMode("regex")
                    .build());
            assertEquals(1, answer.getHitsCount(), mark(i));
            Hit hit = answer.getHits(0);
            assertTrue(answer.getComplete(), answer.getMissingList()::toString);
            assertTrue(
                    client.show(ShowRequest.newBuilder().setPath(hit.getPath()).build())
                            .getText()
                            .startsWith(mark(i) + "\n"));
        }
    }

    /** No index helps to find this, so every text is looked through. */
    private static void readAll(NodeClient client) throws ClientFault {
        SearchAnswer none = client.search(SearchRequest.newBuilder()
                .setQuery("[a-z]{60}")
                .setMode("regex")
                .build());
        assertEquals(0, none.getHitsCount());
        assertTrue(none.getComplete(), none.getMissingList()::toString);
    }

    @Test
    void whatDoesNotFitIsReadFromDiskAndASmallerBudgetIsObeyedAtOnce() throws Exception {
        plant();
        node = NodeProcess.start(
                NodeMain.class,
                dir.resolve("home"),
                Map.of(),
                Map.of("POSTDEVAI_EMBEDDER_ENABLED", "false", "POSTDEVAI_MEMORY_BUDGET", "4 GiB"));
        node.up();
        try (NodeClient client = node.client()) {
            client.up(UpRequest.newBuilder().addPaths(folder.toString()).build(), NodeProcess.PATIENCE, _ -> {});
            LakeAnswer roomy = client.lake(LakeRequest.getDefaultInstance());
            assertTrue(used(roomy, "code") >= TEXTS, roomy::toString);
            assertEquals(0, roomy.getRefused());
            assertTrue(roomy.getBaseBytes() + roomy.getAvailableBytes() == 4L << 30, roomy::toString);
            everyTextIsFound(client);

            // What the process takes besides may grow while this runs, so ask until the stores fit.
            node.await("the stores keep to the smaller budget", () -> {
                try {
                    LakeAnswer now = client.lake(LakeRequest.newBuilder()
                            .setBudgetBytes(client.lake(LakeRequest.getDefaultInstance())
                                            .getBaseBytes()
                                    + SMALL)
                            .build());
                    return Optional.of(now).filter(answer -> used(answer, "code") <= 2 * SMALL);
                } catch (ClientFault e) {
                    throw new AssertionError(node.log(), e);
                }
            });
            everyTextIsFound(client);
            readAll(client);
            LakeAnswer small = client.lake(LakeRequest.getDefaultInstance());
            assertTrue(used(small, "code") <= TEXTS / 2, small::toString);
            assertTrue(small.getGivenBackBytes() >= TEXTS / 2, small::toString);
            assertTrue(small.getRefused() > 0, small::toString);

            client.lake(LakeRequest.newBuilder().setBudgetBytes(4L << 30).build());
            everyTextIsFound(client);
            readAll(client);
            assertTrue(
                    used(client.lake(LakeRequest.getDefaultInstance()), "code") > used(small, "code"),
                    "there is room again, and texts that were read are kept");

            client.forget(
                    ForgetRequest.newBuilder().setProject(folder.toString()).build());
            node.await("a forgotten project holds nothing", () -> {
                try {
                    return Optional.of(client.lake(LakeRequest.getDefaultInstance()))
                            .filter(answer -> answer.getHoldingsCount() == 0
                                    && answer.getRamDisk().getMappedBytes()
                                                    + answer.getRamDisk().getOrdinaryBytes()
                                            == 0);
                } catch (ClientFault e) {
                    throw new AssertionError(node.log(), e);
                }
            });
        }
    }
}
