package ai.postdev.coordinator.gateway;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.coordinator.ask.AskPrompt;
import ai.postdev.coordinator.ask.CheckedAnswer;
import ai.postdev.coordinator.ask.Evidence;
import ai.postdev.coordinator.ask.Relevance;
import ai.postdev.v1.AskAnswer;
import ai.postdev.v1.AskEvent;
import ai.postdev.v1.AskRequest;
import ai.postdev.v1.AskTurn;
import ai.postdev.v1.ContextAnswer;
import ai.postdev.v1.ContextRequest;
import ai.postdev.v1.GenerateEvent;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateQueued;
import ai.postdev.v1.GenerateRequest;
import java.util.List;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;

/**
 * A question answered from the memory: evidence first, then what a model makes of it, then the answer with the citations that
 * hold. Without evidence no model is asked.
 */
final class AskCall {
    private static final int EARLIER_MAX = 4;

    private final Caller caller;
    private final QuestionCalls questions;
    private final GenerateCall generate;

    AskCall(Caller caller, QuestionCalls questions, GenerateCall generate) {
        this.caller = caller;
        this.questions = questions;
        this.generate = generate;
    }

    Source<AskEvent, NotUsed> run(AskRequest request) {
        long started = System.nanoTime();
        return Telling.attempt(() -> {
            caller.limits().query(request.getQuestion());
            int tokens = request.getEvidenceTokens() == 0
                    ? caller.parts().settings().evidenceTokens()
                    : request.getEvidenceTokens();
            ContextRequest wanted = ContextRequest.newBuilder()
                    .setQuery(query(request))
                    .setProject(request.getProject())
                    .setTokens(tokens)
                    .build();
            return Source.completionStage(questions.context(wanted))
                    .flatMapConcat(found -> answer(request, found, started));
        });
    }

    /** A follow-up is often meant by what was asked before it. */
    private static String query(AskRequest request) {
        List<AskTurn> earlier = request.getEarlierList();
        return earlier.isEmpty()
                ? request.getQuestion()
                : request.getQuestion() + " " + earlier.getLast().getQuestion();
    }

    private Source<AskEvent, NotUsed> answer(AskRequest request, ContextAnswer found, long started) {
        Evidence evidence = Evidence.of(found);
        AskAnswer.Builder answer =
                AskAnswer.newBuilder().setQuestion(request.getQuestion()).addAllMissing(found.getMissingList());
        Source<AskEvent, NotUsed> first =
                Source.single(AskEvent.newBuilder().setEvidence(found).build());
        if (!Relevance.enough(query(request), evidence)) {
            answer.setAnswer("Nothing relevant was found.")
                    .setReason("no passage in memory has to do with the question; no model was asked");
            return first.concatLazy(last(answer, started));
        }
        answer.setFound(true);
        if (request.getNoModel()) {
            answer.addAllCitations(CheckedAnswer.of("", evidence).citations())
                    .setReason("no model was asked, as wanted; the evidence stands for itself");
            return first.concatLazy(last(answer, started));
        }
        Said said = new Said();
        Source<AskEvent, NotUsed> telling = generate.run("ask", prompt(request, evidence))
                .mapConcat(said::hear)
                .concatLazy(Source.lazySource(() -> last(said.into(answer, evidence), started)));
        return first.concatLazy(telling);
    }

    private GenerateRequest prompt(AskRequest request, Evidence evidence) {
        List<AskTurn> earlier = request.getEarlierList();
        return GenerateRequest.newBuilder()
                .setModel(request.getModel())
                .setTask("ask")
                .addAllMessages(AskPrompt.of(
                        request.getQuestion(),
                        earlier.subList(Math.max(0, earlier.size() - EARLIER_MAX), earlier.size()),
                        evidence))
                .setMaxTokens(caller.parts().settings().answerTokens())
                .setTemperature(0)
                .setRepeatPenalty(1.1f)
                .build();
    }

    private static Source<AskEvent, NotUsed> last(AskAnswer.Builder answer, long started) {
        return Source.single(AskEvent.newBuilder()
                .setAnswer(answer.setTookMs(Caller.millisSince(started)))
                .build());
    }

    /** What the model says, gathered; of one stream, whose stages run one after the other. */
    private static final class Said {
        private final StringBuilder text = new StringBuilder();
        private GenerateFinished end = GenerateFinished.getDefaultInstance();

        List<AskEvent> hear(GenerateEvent event) {
            return switch (event.getEventCase()) {
                case TEXT -> {
                    text.append(event.getText());
                    yield List.of(AskEvent.newBuilder().setText(event.getText()).build());
                }
                case QUEUED ->
                    List.of(AskEvent.newBuilder()
                            .setDoing(doing(event.getQueued()))
                            .build());
                case BEGUN ->
                    List.of(AskEvent.newBuilder()
                            .setDoing("reading the evidence with "
                                    + event.getBegun().getModel())
                            .build());
                case FINISHED -> {
                    end = event.getFinished();
                    yield List.of();
                }
                case RESTARTED -> {
                    text.setLength(0);
                    yield List.of(AskEvent.newBuilder()
                            .setDoing("the answer broke off, another model begins anew: "
                                    + event.getRestarted().getReason())
                            .build());
                }
                case TOOL_CALL, TOOL_ARGUMENTS ->
                    throw new DoorFault(FaultCode.INTERNAL, "a call, and no tools were offered");
                case EVENT_NOT_SET -> throw new DoorFault(FaultCode.INTERNAL, "an event of an unknown kind");
            };
        }

        private static String doing(GenerateQueued queued) {
            return queued.getLoading()
                    ? "loading the model"
                    : "waiting for the model, " + queued.getAhead() + " before this question";
        }

        AskAnswer.Builder into(AskAnswer.Builder answer, Evidence evidence) {
            CheckedAnswer checked = CheckedAnswer.of(text.toString(), evidence);
            return answer.setAnswer(checked.text())
                    .addAllCitations(checked.citations())
                    .addAllRemoved(checked.removed())
                    .setModel(end.getModel())
                    .setReason(end.getModel() + " on " + end.getEngine() + ", "
                            + (end.getReason().startsWith("fallback")
                                    ? end.getReason()
                                    : "the model that was asked for or the default"))
                    .setUsage(end);
        }
    }
}
