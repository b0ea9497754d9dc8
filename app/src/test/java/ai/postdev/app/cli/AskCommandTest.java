package ai.postdev.app.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.v1.AskAnswer;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.Citation;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.ModelInfo;
import ai.postdev.v1.ModelProgress;
import ai.postdev.v1.ModelsAnswer;
import ai.postdev.v1.PullModelRequest;
import com.google.protobuf.MessageLite;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AskCommandTest extends CommandFixture {
    private static final AskAnswer ANSWER = AskAnswer.newBuilder()
            .setQuestion("why?")
            .setAnswer("Because the schema changed [1].")
            .setFound(true)
            .addCitations(Citation.newBuilder()
                    .setPath("src/Cache.java")
                    .setStartLine(3)
                    .setEndLine(9)
                    .setNumber(1)
                    .setNamed(true))
            .addCitations(Citation.newBuilder()
                    .setPath("docs/cache.md")
                    .setStartLine(1)
                    .setEndLine(4)
                    .setNumber(2))
            .addRemoved("[7]")
            .setModel("small")
            .setReason("small on llama.cpp")
            .setUsage(GenerateFinished.newBuilder().setPromptTokens(1_200).setAnswerTokens(9))
            .setTookMs(2_345)
            .build();

    private static AskEvent text(String text) {
        return AskEvent.newBuilder().setText(text).build();
    }

    private static final MessageLite[] TOLD = {
        AskEvent.newBuilder().setEvidence(ContextAnswer.getDefaultInstance()).build(),
        AskEvent.newBuilder().setDoing("loading the model").build(),
        text(" Because the schema"),
        text(" changed [1] [7]."),
        text("\nNo\u001b[2J more.\n"),
        AskEvent.newBuilder().setAnswer(ANSWER).build()
    };

    private static ModelInfo model(String name, String state, boolean byDefault) {
        return ModelInfo.newBuilder()
                .setName(name)
                .setState(state)
                .setDefault(byDefault)
                .setLicence("Apache-2.0")
                .setSource("pip:x==1")
                .setSummary("knows little")
                .build();
    }

    @BeforeEach
    void haveTheModel() {
        node.answers(
                "Models",
                ModelsAnswer.newBuilder()
                        .addModels(model("small", "installed", true))
                        .addModels(model("large", "known", false))
                        .build());
    }

    @Test
    void whatIsNoTerminalGetsTheCheckedAnswerAndItsPlaces() throws Exception {
        node.answers("Ask", TOLD);
        assertEquals(Exit.DONE, run("ask", "why", "is", "it?", "--project", "app"));
        assertEquals("""
                Because the schema changed [1].

                [1] src/Cache.java:3-9
                [2] docs/cache.md:1-4  related
                taken out, because it was not in the evidence: [7]
                small · 1,200 tokens read, 9 written · 2 s
                """, out);
        AskRequest asked = AskRequest.parseFrom(node.asked.getLast().message());
        assertEquals("why is it?", asked.getQuestion());
        assertEquals("app", asked.getProject());
    }

    @Test
    void aTerminalGetsItAsItIsSaidAndNothingThatTerminalsObey() {
        node.answers("Ask", TOLD);
        assertEquals(Exit.DONE, run("", true, "ask", "why?"));
        assertTrue(out.startsWith("Because the schema changed [1] [7].\nNo"), out);
        assertTrue(!out.contains("\u001b[2J"), out);
    }

    @Test
    void jsonIsOneLine() {
        node.answers("Ask", TOLD);
        assertEquals(Exit.DONE, run("ask", "why?", "--json"));
        assertTrue(out.startsWith("{\"question\":\"why?\",\"answer\":\"Because the schema changed [1].\""), out);
        assertEquals(1, out.lines().count());
        assertEquals("", err);
    }

    @Test
    void nothingFoundIsAnExitCode() {
        node.answers(
                "Ask",
                AskEvent.newBuilder()
                        .setAnswer(AskAnswer.newBuilder()
                                .setAnswer("Nothing relevant was found.")
                                .setReason("no passage"))
                        .build());
        assertEquals(Exit.NOTHING, run("ask", "why?"));
        assertTrue(out.startsWith("Nothing relevant was found."), out);
        node.refuses("Ask", FaultCode.FAILED_PRECONDITION, "no room for the model");
        assertEquals(Exit.REFUSED, run("ask", "why?"));
        assertEquals("postdevai: no room for the model\n", err);
    }

    @Test
    void aKnownModelIsFetchedFirst() throws Exception {
        node.answers("Ask", TOLD);
        node.answers(
                "PullModel",
                ModelProgress.newBuilder().setName("large").setPhase("done").build());
        assertEquals(Exit.DONE, run("ask", "why?", "--model", "large"));
        assertTrue(err.startsWith("the model large is not here yet (knows little; Apache-2.0)"), err);
        assertEquals(
                "large",
                PullModelRequest.parseFrom(node.asked.stream()
                                .filter(request -> request.method().equals("PullModel"))
                                .findFirst()
                                .orElseThrow()
                                .message())
                        .getModel());
        node.asked.clear();
        assertEquals(Exit.DONE, run("ask", "why?", "--no-model"));
        assertTrue(node.asked.stream().allMatch(request -> request.method().equals("Ask")));
    }

    @Test
    void linesOfTheInputAreOneConversation() throws Exception {
        node.answers("Ask", TOLD);
        assertEquals(Exit.DONE, run("why?\n\nand when?\n", false, "ask"));
        AskRequest second = AskRequest.parseFrom(node.asked.getLast().message());
        assertEquals("and when?", second.getQuestion());
        assertEquals("why?", second.getEarlier(0).getQuestion());
        assertEquals("Because the schema changed [1].", second.getEarlier(0).getAnswer());
    }
}
