package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.text.ContextMarkdown;
import ai.postdev.actors.text.TokenBound;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.DiffAnswer;
import ai.postdev.v1.DiffRequest;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.VersionsAnswer;
import ai.postdev.v1.VersionsRequest;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The calls that gather evidence: context, diff, versions, and the names of projects in every answer. */
class EvidenceCallsTest {
    private final TestNode node = TestNode.withTwoProjects();
    private final NodeService service = node.service;

    @AfterEach
    void close() {
        node.close();
    }

    private static DoorFault fault(CompletionStage<?> call) {
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> TestNode.await(call));
        return Faults.of(thrown);
    }

    private ContextAnswer context(ContextRequest.Builder request) throws Exception {
        return TestNode.await(service.context(request.build()));
    }

    @Test
    void theContextOfSeveralProjectsStaysInTheBudgetAndNamesThem() throws Exception {
        ContextAnswer answer = context(ContextRequest.newBuilder().setQuery("retries"));
        assertTrue(answer.getTokens() <= TestLake.BUDGET, answer::toString);
        assertEquals(TokenBound.of(ContextMarkdown.of(answer)), answer.getTokens());
        assertEquals("app", answer.getItems(0).getProjectName());
        assertEquals(
                1,
                answer.getItemsList().stream()
                        .filter(item -> item.getText().equals("in both"))
                        .count(),
                "what is in both is told once");
        // Of six items one is a copy; what else is not shown is left out, with the three of each lake.
        assertEquals(6 + 5 - answer.getItemsCount(), answer.getLeftOut());
        assertTrue(answer.getItemsCount() < 5 && answer.getFactsCount() > 0, answer::toString);
        assertTrue(ContextMarkdown.of(answer).contains("### app src/A.java:1\n"), ContextMarkdown.of(answer));
        assertEquals(2, answer.getAsOfCount());
    }

    @Test
    void aSilentLakeMakesTheContextIncomplete() throws Exception {
        node.lakes.get("bbbb2222").is(TestLake.Mood.SILENT);
        ContextAnswer answer = context(ContextRequest.newBuilder().setQuery("retries"));
        assertFalse(answer.getComplete());
        assertTrue(answer.getTokens() <= TestLake.BUDGET, answer::toString);
        assertTrue(ContextMarkdown.of(answer).contains("Not complete"), ContextMarkdown.of(answer));
    }

    @Test
    void aFileIsTakenFromTheProjectThatHoldsIt() throws Exception {
        assertEquals(
                "lib",
                context(ContextRequest.newBuilder()
                                .setPath("/code/lib/src/A.java")
                                .setLine(3))
                        .getItems(0)
                        .getProjectName());
        DoorFault several = fault(service.context(
                ContextRequest.newBuilder().setPath("src/A.java").build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, several.code());
        assertTrue(several.getMessage().contains("app, lib"), several::getMessage);
        node.lakes.get("aaaa1111").is(TestLake.Mood.REFUSES_AS_NOT_FOUND);
        ContextAnswer one = context(ContextRequest.newBuilder().setPath("src/A.java"));
        assertTrue(one.getComplete(), "a project without the file is no gap");
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.context(ContextRequest.getDefaultInstance())).code());
    }

    private DiffRequest diff(String path, String from, String to) {
        return DiffRequest.newBuilder().setPath(path).setFrom(from).setTo(to).build();
    }

    @Test
    void comparesTwoMomentsOfTheProjectThatHoldsTheFile() throws Exception {
        node.lakes.get("bbbb2222").holds("src/B.java");
        DiffAnswer answer = TestNode.await(service.diff(diff("src/B.java", "5", "6")));
        assertEquals("lib", answer.getProjectName());
        assertEquals("modified", answer.getChange());
        assertEquals(List.of(1, 1), List.of(answer.getAdded(), answer.getRemoved()));
        assertEquals("""
            diff --git a/src/B.java b/src/B.java
            --- a/src/B.java
            +++ b/src/B.java
            @@ -1 +1 @@
            -text of bbbb2222 at 5
            +text of bbbb2222 at 6
            """, answer.getDiff());
        assertEquals(
                "none",
                TestNode.await(service.diff(diff("src/B.java", "5", "5"))).getChange());
    }

    @Test
    void aMomentThatOnlyGitKnowsIsComparedToo() throws Exception {
        node.lakes.get("aaaa1111").is(TestLake.Mood.REFUSES_AS_NOT_FOUND);
        DiffAnswer answer = TestNode.await(service.diff(DiffRequest.newBuilder()
                .setPath("a.txt")
                .setProject("app")
                .setFrom("HEAD~5")
                .setTo("HEAD~5")
                .build()));
        assertEquals("none", answer.getChange());
        assertEquals("git", answer.getFrom().getSource());
        assertEquals("c0ffee", answer.getFrom().getAsOf().getCommit());
        DoorFault unknown = fault(service.diff(DiffRequest.newBuilder()
                .setPath("a.txt")
                .setProject("app")
                .setFrom("HEAD~5")
                .setTo("HEAD~6")
                .build()));
        assertEquals(FaultCode.NOT_FOUND, unknown.code(), "an unknown moment is no removal");
    }

    @Test
    void aDiffSaysWhatItNeeds() {
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.diff(diff("src/B.java", "", ""))).code());
        DoorFault nowhere = fault(service.diff(diff("src/B.java", "5", "")));
        assertEquals(FaultCode.NOT_FOUND, nowhere.code());
        assertTrue(nowhere.getMessage().contains("at 5, nor now"), nowhere::getMessage);
    }

    @Test
    void versionsAreNewestFirst() throws Exception {
        VersionsAnswer answer = TestNode.await(service.versions(
                VersionsRequest.newBuilder().setPath("src/B.java").build()));
        assertEquals(
                List.of("app", "lib"),
                answer.getVersionsList().stream()
                        .map(version -> version.getProjectName())
                        .toList());
        assertTrue(answer.getComplete());
    }

    @Test
    void hitsAndEventsNameTheirProjects() throws Exception {
        assertEquals(
                "app",
                TestNode.await(service.search(
                                SearchRequest.newBuilder().setQuery("x").build()))
                        .getHits(0)
                        .getProjectName());
        assertEquals(
                "app",
                TestNode.await(service.timeline(
                                TimelineRequest.newBuilder().setProject("app").build()))
                        .getEvents(0)
                        .getProjectName());
    }
}
