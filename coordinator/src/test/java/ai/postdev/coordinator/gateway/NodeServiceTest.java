package ai.postdev.coordinator.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.actors.op.Body;
import ai.postdev.actors.op.Origin;
import ai.postdev.actors.protocol.LakeProtocol;
import ai.postdev.actors.protocol.WorkspaceProtocol;
import ai.postdev.v1.DoctorAnswer;
import ai.postdev.v1.DoctorRequest;
import ai.postdev.v1.ForgetRequest;
import ai.postdev.v1.Hit;
import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.LakeRequest;
import ai.postdev.v1.PinAnswer;
import ai.postdev.v1.PinRequest;
import ai.postdev.v1.ProjectStatus;
import ai.postdev.v1.RecallRequest;
import ai.postdev.v1.RelatedRequest;
import ai.postdev.v1.RememberAnswer;
import ai.postdev.v1.RememberRequest;
import ai.postdev.v1.SearchAnswer;
import ai.postdev.v1.SearchRequest;
import ai.postdev.v1.ShowAnswer;
import ai.postdev.v1.ShowRequest;
import ai.postdev.v1.StatusAnswer;
import ai.postdev.v1.StatusRequest;
import ai.postdev.v1.StopRequest;
import ai.postdev.v1.TimelineAnswer;
import ai.postdev.v1.TimelineRequest;
import ai.postdev.v1.UpProgress;
import ai.postdev.v1.UpRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeServiceTest {
    private final TestNode node = TestNode.withTwoProjects();
    private final NodeService service = node.service;

    @AfterEach
    void end() {
        node.close();
    }

    private static DoorFault fault(CompletionStage<?> stage) {
        ExecutionException thrown = assertThrows(ExecutionException.class, () -> TestNode.await(stage));
        return Faults.of(thrown);
    }

    private static SearchRequest query(String query) {
        return SearchRequest.newBuilder().setQuery(query).build();
    }

    @Test
    void whatIsNotKnownYetMayBeWhatIsStillOpening() {
        node.add("cccc3333", "cccc3333", "", 0.1);
        for (DoorFault fault : List.of(
                fault(service.search(SearchRequest.newBuilder()
                        .setQuery("retry")
                        .setProject("web")
                        .build())),
                fault(service.show(
                        ShowRequest.newBuilder().setPath("/code/web/a.txt").build())),
                fault(service.related(
                        RelatedRequest.newBuilder().setTarget("/code/web/a.txt").build())))) {
            assertEquals(FaultCode.UNAVAILABLE, fault.code());
            assertTrue(fault.getMessage().contains("still opening"), fault::getMessage);
        }
    }

    @Test
    void asksEveryLakeAndMergesByScore() throws Exception {
        SearchAnswer answer = TestNode.await(service.search(query("retry")));
        assertTrue(answer.getComplete());
        assertEquals(
                List.of("aaaa1111 src/A.java", "bbbb2222 src/A.java", "aaaa1111 src/B.java", "bbbb2222 src/B.java"),
                answer.getHitsList().stream()
                        .map(hit -> hit.getProject() + " " + hit.getPath())
                        .toList());
        assertEquals(2, answer.getAsOfCount());
        assertEquals("retry", answer.getQuery());
    }

    @Test
    void cutsTheMergedListAtTheLimit() throws Exception {
        SearchAnswer answer = TestNode.await(
                service.search(query("retry").toBuilder().setLimit(3).build()));
        assertEquals(3, answer.getHitsCount());
        assertEquals(0.9, answer.getHits(0).getScore());
    }

    @Test
    void saysWhichLakeIsMissingWhenItIsSilent() throws Exception {
        node.lakes.get("bbbb2222").is(TestLake.Mood.SILENT);
        SearchAnswer answer = TestNode.await(service.search(query("retry")));
        assertFalse(answer.getComplete());
        assertEquals(
                List.of("aaaa1111"),
                answer.getHitsList().stream().map(Hit::getProject).distinct().toList());
        assertTrue(answer.getMissing(0).startsWith("lib: the lake of bbbb2222 did not answer"), answer.getMissing(0));
    }

    @Test
    void failsWhenNoLakeAnswers() {
        node.lakes.values().forEach(lake -> lake.is(TestLake.Mood.SILENT));
        assertEquals(
                FaultCode.UNAVAILABLE, fault(service.search(query("retry"))).code());
    }

    @Test
    void aWrongRequestIsWrongEvenIfOneLakeAnswers() {
        node.lakes.get("bbbb2222").is(TestLake.Mood.REFUSES_AS_INVALID);
        DoorFault fault = fault(service.search(query("/(/")));
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
        assertEquals("unclosed group in /(/", fault.getMessage());
    }

    @Test
    void doesNotSayNotFoundWhileALakeCouldNotBeAsked() {
        node.lakes.get("aaaa1111").is(TestLake.Mood.REFUSES_AS_NOT_FOUND);
        node.lakes.get("bbbb2222").is(TestLake.Mood.REFUSES_AS_OVERLOADED);
        DoorFault fault = fault(
                service.related(RelatedRequest.newBuilder().setTarget("Foo").build()));
        assertEquals(FaultCode.RESOURCE_EXHAUSTED, fault.code());
    }

    @Test
    void findsAProjectByIdPrefixNameAndRoot() throws Exception {
        for (String selector : List.of("aaaa1111", "aaaa", "app", "/code/app", "/code/app/")) {
            SearchAnswer answer = TestNode.await(
                    service.search(query("x").toBuilder().setProject(selector).build()));
            assertEquals(
                    List.of("aaaa1111"),
                    answer.getHitsList().stream()
                            .map(Hit::getProject)
                            .distinct()
                            .toList(),
                    selector);
        }
        for (String selector : List.of("aaa", "nothing", "/code")) {
            assertEquals(
                    FaultCode.NOT_FOUND,
                    fault(service.search(
                                    query("x").toBuilder().setProject(selector).build()))
                            .code(),
                    selector);
        }
    }

    @Test
    void refusesANameThatMeansTwoProjects() {
        node.add("cccc3333", "app", "/other/app", 0.1);
        DoorFault fault =
                fault(service.search(query("x").toBuilder().setProject("app").build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
        assertTrue(fault.getMessage().contains("cccc3333"), fault.getMessage());
    }

    @Test
    void refusesWhatIsOutsideTheBounds() {
        assertEquals(
                FaultCode.INVALID_ARGUMENT, fault(service.search(query(" "))).code());
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.search(query("x".repeat(20_000)))).code());
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.search(query("x").toBuilder().setMode("magic").build()))
                        .code());
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.search(query("x").toBuilder().setLimit(5_000).build()))
                        .code());
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.timeline(
                                TimelineRequest.newBuilder().setSince("soon").build()))
                        .code());
    }

    @Test
    void makesRelativeTimesAbsoluteForTheLakes() throws Exception {
        TestNode.await(service.timeline(
                TimelineRequest.newBuilder().setSince("2h").setProject("app").build()));
        LakeProtocol.Timeline heard = assertInstanceOf(
                LakeProtocol.Timeline.class, node.lakes.get("aaaa1111").heard.peek());
        assertEquals("2026-05-03T10:00:00Z", heard.request().getSince());
    }

    @Test
    void putsTheNewestEventFirst() throws Exception {
        node.add("cccc3333", "new", "/code/new", 5);
        TimelineAnswer answer = TestNode.await(
                service.timeline(TimelineRequest.newBuilder().setLimit(3).build()));
        assertEquals(
                List.of("2026-01-06T00:00:00Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"),
                answer.getEventsList().stream().map(event -> event.getTime()).toList());
    }

    @Test
    void recallsFromAllLakes() throws Exception {
        assertEquals(
                2,
                TestNode.await(service.recall(
                                RecallRequest.newBuilder().setText("boom").build()))
                        .getEventsCount());
    }

    @Test
    void anAbsolutePathFindsItsProject() throws Exception {
        ShowAnswer answer = TestNode.await(service.show(
                ShowRequest.newBuilder().setPath("/code/lib/src/../src/B.java").build()));
        assertEquals("bbbb2222", answer.getProject());
        assertEquals("src/B.java", answer.getPath());
        assertEquals(
                FaultCode.NOT_FOUND,
                fault(service.show(ShowRequest.newBuilder()
                                .setPath("/elsewhere/B.java")
                                .build()))
                        .code());
    }

    @Test
    void aPathInSeveralProjectsIsNotGuessed() {
        DoorFault fault = fault(
                service.show(ShowRequest.newBuilder().setPath("src/B.java").build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    }

    private SearchAnswer searchAt(String at) throws Exception {
        return TestNode.await(service.search(
                SearchRequest.newBuilder().setQuery("q").setAt(at).build()));
    }

    @Test
    void asksTheRepositoryFirstForARevisionAndTheLakeFirstForATime() throws Exception {
        assertEquals("c0ffee", searchAt("HEAD~5").getAsOf(0).getCommit());
        assertTrue(searchAt("HEAD~5").getAsOfList().stream().anyMatch(asOf -> asOf.getSequence() == 7));
        for (String ofTheLake : List.of("2h", "2026-01-01", "17", "HEAD~6", "")) {
            assertTrue(searchAt(ofTheLake).getAsOfList().stream().allMatch(asOf -> asOf.getSequence() == 7), ofTheLake);
        }
    }

    @Test
    void whatNeitherRepositoryNorLakeKnowsIsNotFoundAndBothSayWhy() {
        node.lakes.values().forEach(lake -> lake.is(TestLake.Mood.REFUSES_AS_NOT_FOUND));
        DoorFault fault = fault(service.search(
                SearchRequest.newBuilder().setQuery("q").setAt("HEAD~6").build()));
        assertEquals(FaultCode.NOT_FOUND, fault.code());
        assertTrue(fault.getMessage().contains("unknown revision; "), fault.getMessage());
    }

    @Test
    void asksTheRepositoryForMomentsBeforeTheLakeBegan() throws Exception {
        node.lakes.values().forEach(lake -> lake.is(TestLake.Mood.REFUSES_AS_NOT_FOUND));
        ShowAnswer answer = TestNode.await(service.show(
                ShowRequest.newBuilder().setPath("src/B.java").setAt("HEAD~5").build()));
        assertEquals("old text", answer.getText());
        assertEquals("git", answer.getSource());
        assertEquals("c0ffee", answer.getAsOf().getCommit());
        assertEquals(
                FaultCode.NOT_FOUND,
                fault(service.show(ShowRequest.newBuilder()
                                .setPath("src/B.java")
                                .setAt("HEAD~6")
                                .build()))
                        .code());
    }

    @Test
    void aNoteIsRedactedAndTiedToItsFile() throws Exception {
        RememberAnswer answer = TestNode.await(service.remember(RememberRequest.newBuilder()
                .setText("the password is hunter2")
                .setPath("/code/app/src/A.java")
                .build()));
        assertEquals(42, answer.getSequence());
        assertEquals("aaaa1111", answer.getProject());
        List<Body> bodies = new ArrayList<>(node.lakes.get("aaaa1111").appended);
        Body.AppendEvent event = assertInstanceOf(Body.AppendEvent.class, bodies.getLast());
        assertEquals("the password is [redacted]", event.text());
        assertEquals(List.of("src/A.java"), event.paths());
        assertTrue(bodies.stream().noneMatch(body -> body.toString().contains("hunter2")), bodies.toString());
        assertTrue(bodies.stream()
                .anyMatch(body -> body instanceof Body.PutEdge edge
                        && edge.type().equals("about")
                        && edge.to().key().equals("src/A.java")));
    }

    @Test
    void aPinIsWrittenForTheEventThatIsNamed() throws Exception {
        PinRequest pin =
                PinRequest.newBuilder().setEvent("7").setCwd("/code/lib/src").build();
        PinAnswer answer = TestNode.await(service.pin(pin));
        assertTrue(answer.getEvent().getPinned());
        assertEquals(
                List.of(new Body.PinEvent(new Origin("o1"), 7, true)),
                List.copyOf(node.lakes.get("bbbb2222").appended));
        assertFalse(TestNode.await(service.pin(
                        pin.toBuilder().setEvent("o1/7").setUnpin(true).build()))
                .getEvent()
                .getPinned());
        for (String bad : List.of("", "x", "-7", "o1/", "0", "7/o1")) {
            assertEquals(
                    FaultCode.INVALID_ARGUMENT,
                    fault(service.pin(pin.toBuilder().setEvent(bad).build())).code(),
                    bad);
        }
    }

    @Test
    void aWayStaysInOneProject() throws Exception {
        RelatedRequest way = RelatedRequest.newBuilder()
                .setTarget("/code/app/src/A.java")
                .setTo("/code/app/src/B.java")
                .build();
        assertEquals("path", TestNode.await(service.related(way)).getKind());
        LakeProtocol.Related asked = assertInstanceOf(
                LakeProtocol.Related.class,
                List.copyOf(node.lakes.get("aaaa1111").heard).getLast());
        assertEquals(
                List.of("src/A.java", "src/B.java"),
                List.of(asked.request().getTarget(), asked.request().getTo()));
        DoorFault fault =
                fault(service.related(way.toBuilder().setTo("/code/lib/B.java").build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    }

    @Test
    void aNoteWithoutAProjectBelongsToTheFolderItIsWrittenIn() throws Exception {
        assertEquals(
                "bbbb2222",
                TestNode.await(service.remember(RememberRequest.newBuilder()
                                .setText("x")
                                .setCwd("/code/lib/src")
                                .build()))
                        .getProject());
        DoorFault fault = fault(service.remember(
                RememberRequest.newBuilder().setText("x").setCwd("/tmp").build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
    }

    @Test
    void statusJoinsWhatLakesAndWatchersKnow() throws Exception {
        node.lakes.get("bbbb2222").is(TestLake.Mood.SILENT);
        StatusAnswer answer = TestNode.await(service.status(StatusRequest.getDefaultInstance()));
        ProjectStatus app = answer.getProjects(0);
        assertEquals("app", app.getName());
        assertEquals(5, app.getFiles(), "files that can be found, not files that were seen");
        assertEquals(20, app.getChunks());
        assertTrue(app.getIndexed());
        assertEquals(1, app.getSkippedCount());
        assertEquals("node-a", app.getNode());
        ProjectStatus lib = answer.getProjects(1);
        assertTrue(lib.getProblem().contains("did not answer"), lib.getProblem());
        assertEquals(10, answer.getLake().getOperations());
        assertEquals(8, answer.getLake().getBlobs(), "the journal of the node knows its texts");
        assertEquals("node-a", answer.getCluster().getLeader());
    }

    @Test
    void forgettingEndsTheWatchingFirst() throws Exception {
        assertEquals(
                9,
                TestNode.await(service.forget(
                                ForgetRequest.newBuilder().setProject("app").build()))
                        .getOperations());
        assertInstanceOf(WorkspaceProtocol.Unwatch.class, node.watched.peek());
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.forget(ForgetRequest.getDefaultInstance())).code());
    }

    @Test
    void upStreamsProgressToTheEnd() throws Exception {
        List<UpProgress> progress = TestNode.await(service.up(UpRequest.newBuilder()
                        .addPaths("/code/a")
                        .addPaths("/code/b")
                        .build())
                .runWith(Sink.seq(), node.kit.system()));
        assertEquals(6, progress.size());
        assertEquals("searchable", progress.getLast().getPhase());
    }

    @Test
    void upEndsWithTheReasonOfTheFolderThatFailed() {
        DoorFault fault = fault(service.up(
                        UpRequest.newBuilder().addPaths(TestNode.REFUSED_ROOT).build())
                .runWith(Sink.seq(), node.kit.system()));
        assertEquals(FaultCode.FAILED_PRECONDITION, fault.code());
        assertEquals("/missing is not there", fault.getMessage());
    }

    @Test
    void upWithoutWaitingEndsWhenEveryFolderIsKnown() throws Exception {
        List<UpProgress> progress = TestNode.await(service.up(UpRequest.newBuilder()
                        .addPaths("/code/a")
                        .addPaths("/code/b")
                        .setNoWait(true)
                        .build())
                .runWith(Sink.seq(), node.kit.system()));
        assertEquals("/code/b", progress.getLast().getRoot());
        assertEquals("scanning", progress.getLast().getPhase());
    }

    @Test
    void upRefusesRelativePaths() {
        assertEquals(
                FaultCode.INVALID_ARGUMENT,
                fault(service.up(UpRequest.newBuilder().addPaths("code").build())
                                .runWith(Sink.seq(), node.kit.system()))
                        .code());
    }

    @Test
    void doctorRepairsByReadingAgain() throws Exception {
        DoctorAnswer answer = TestNode.await(
                service.doctor(DoctorRequest.newBuilder().setRepair(true).build()));
        assertTrue(answer.getHealthy());
        assertEquals(
                List.of("home", "rescan app", "rescan lib", "project app", "project lib"),
                answer.getFindingsList().stream().map(f -> f.getCheck()).toList());
    }

    @Test
    void memoryIsToldByProjectNameAndItsBudgetChanges() throws Exception {
        LakeAnswer answer = TestNode.await(
                service.lake(LakeRequest.newBuilder().setBudgetBytes(2_000).build()));
        assertEquals(2_000, answer.getBudgetBytes());
        assertEquals("app", answer.getHoldings(0).getName());
        DoorFault fault =
                fault(service.lake(LakeRequest.newBuilder().setBudgetBytes(-1).build()));
        assertEquals(FaultCode.INVALID_ARGUMENT, fault.code());
        assertTrue(fault.getMessage().contains("at least 1 byte"), fault::getMessage);
    }

    @Test
    void stopAnswersBeforeItEnds() throws Exception {
        assertEquals(
                77,
                TestNode.await(service.stop(StopRequest.getDefaultInstance())).getPid());
        assertEquals(1, node.stops.get());
    }

    @Test
    void anEmptyMemorySaysHowToFillIt() {
        try (TestNode empty = new TestNode("")) {
            DoorFault fault = fault(empty.service.search(query("x")));
            assertEquals(FaultCode.NOT_FOUND, fault.code());
            assertTrue(fault.getMessage().contains("postdevai up PATH"), fault.getMessage());
        }
    }
}
