package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.ProjectsRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.UpRequest;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeServiceMetricsTest {
    private final TestNode node = TestNode.withTwoProjects();

    @AfterEach
    void close() {
        node.close();
    }

    private long count(String call, String outcome) throws Exception {
        String sample = "postdevai_calls_total{call=\"" + call + "\",outcome=\"" + outcome + "\"} ";
        return TestNode.await(node.service.metrics())
                .lines()
                .filter(line -> line.startsWith(sample))
                .mapToLong(line -> Long.parseLong(line.substring(sample.length())))
                .sum();
    }

    @Test
    void callsAreCountedByWhatCameOfThemWhoeverAskedAndHoweverLongTheyWait() throws Exception {
        TestNode.await(node.service.projects(ProjectsRequest.getDefaultInstance()));
        TestNode.await(node.service.within(Duration.ofSeconds(9)).projects(ProjectsRequest.getDefaultInstance()));
        assertThrows(
                ExecutionException.class,
                () -> TestNode.await(node.service.search(SearchRequest.getDefaultInstance())));
        assertThrows(
                ExecutionException.class,
                () -> TestNode.await(node.service.lake(
                        LakeRequest.newBuilder().setBudgetBytes(-1).build())));
        TestNode.await(node.service
                .up(UpRequest.newBuilder().addPaths("code").build())
                .runWith(Sink.seq(), node.kit.system())
                .handle((_, _) -> 0));
        assertEquals(2, count("Projects", "ok"));
        assertEquals(0, count("Search", "ok"));
        assertEquals(1, count("Search", "invalid_argument"));
        assertEquals(1, count("Lake", "invalid_argument"));
        assertEquals(0, count("Status", "ok"), "to ask for metrics is no call");
        assertEquals(0, count("Up", "ok"));
        assertEquals(1, count("Up", "invalid_argument"), "a stream counts when it ends");
    }
}
