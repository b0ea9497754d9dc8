package ai.postdev.coordinator.openai;

import ai.postdev.actors.door.FaultCode;
import ai.postdev.coordinator.gateway.DoorFault;
import ai.postdev.coordinator.gateway.NodeService;
import ai.postdev.v1.GenerateEvent;
import com.google.gson.JsonObject;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.FlowShape;
import org.apache.pekko.stream.Graph;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.Materializer;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/** Answers of language models, whole or as they are made. Work that nobody waits for any more is ended. */
final class Completions {
    private final NodeService service;
    private final OpenAiSettings settings;
    private final Clock clock;

    Completions(NodeService service, OpenAiSettings settings, Clock clock) {
        this.service = service;
        this.settings = settings;
        this.clock = clock;
    }

    /** @throws ApiError.Wrong with the field that is wrong */
    CompletionStage<HttpResponse> answer(JsonObject json, boolean chat, Exchanges.Asker asker) {
        CompletionRequest asked = chat ? CompletionRequest.chat(json) : CompletionRequest.text(json);
        Completion completion = new Completion(
                (chat ? "chatcmpl-" : "cmpl-") + UUID.randomUUID(),
                asked.request().getModel(),
                clock.instant().getEpochSecond(),
                chat);
        Source<GenerateEvent, NotUsed> said = service.generate(asked.request());
        return asked.stream()
                ? said.runWith(
                        Sink.fromGraph(new StreamedAnswer(asked, completion, asker.gone(), settings.readerTime())),
                        asker.streams())
                : whole(completion, said.via(whileHere(asker.gone())), asker.streams());
    }

    private static Graph<FlowShape<GenerateEvent, GenerateEvent>, SharedKillSwitch> whileHere(
            CompletionStage<Done> gone) {
        SharedKillSwitch leaving = KillSwitches.shared("client");
        gone.thenRun(() -> leaving.abort(new DoorFault(FaultCode.CANCELLED, "the client has gone")));
        return leaving.flow();
    }

    private CompletionStage<HttpResponse> whole(
            Completion completion, Source<GenerateEvent, NotUsed> said, Materializer streams) {
        return said.completionTimeout(settings.answerTime())
                .runFold(new Answered(), Answered::add, streams)
                .thenApplyAsync(answered -> Answers.json(completion.whole(answered)), OpenAiDoor.HERE);
    }
}
