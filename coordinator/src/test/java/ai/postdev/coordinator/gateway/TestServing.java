package ai.postdev.coordinator.gateway;

import ai.postdev.actors.protocol.Reply;
import ai.postdev.actors.protocol.ServingProtocol;
import ai.postdev.v1.GenerateFinished;
import ai.postdev.v1.GenerateRequest;
import ai.postdev.v1.PinModelAnswer;
import ai.postdev.v1.ServedModel;
import ai.postdev.v1.ServingAnswer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * A keeper of models that does what the model's name says: {@code nothing} has no room, {@code mute} waits, {@code endless} says
 * some and never ends, {@code broken} fails after some of it, {@code measured} tells what it took. All others say their script, or a sentence with a mark of the first
 * passage and one of a passage that is not there.
 */
final class TestServing {
    private static final List<String> SENTENCE = List.of("It", " is", " so", " [1]", " and", " [99]", ".");

    /** What the model {@code measured} says of its answers. */
    private static final GenerateFinished MEASURED = GenerateFinished.newBuilder()
            .setPromptTokens(120)
            .setCachedTokens(20)
            .setFirstTokenMs(50)
            .setDecodeMs(400)
            .setLoadMs(30)
            .build();

    /** What models say, by the name of the model. */
    final Map<String, List<String>> scripts = new ConcurrentHashMap<>();
    /** Ids of requests that are not over. */
    final Set<String> running = ConcurrentHashMap.newKeySet();
    /** Ids of requests that were not over when they were cancelled. */
    final BlockingQueue<String> cancelled = new LinkedBlockingQueue<>();
    /** What was asked, in order. */
    final BlockingQueue<GenerateRequest> asked = new LinkedBlockingQueue<>();

    Behavior<ServingProtocol.Command> behavior() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case ServingProtocol.Generate generate -> onGenerate(generate);
                case ServingProtocol.Cancel(String id) -> {
                    if (running.remove(id)) {
                        cancelled.add(id);
                    }
                }
                case ServingProtocol.Look look ->
                    look.replyTo()
                            .tell(ServingAnswer.newBuilder()
                                    .addModels(ServedModel.newBuilder().setName("small"))
                                    .build());
                case ServingProtocol.Load load -> load.replyTo().tell(loaded(load));
                case ServingProtocol.Pin pin ->
                    pin.replyTo()
                            .tell(new Reply.Answered<>(PinModelAnswer.newBuilder()
                                    .setName(pin.model())
                                    .setPinned(pin.pinned())
                                    .build()));
                case ServingProtocol.Unload _, ServingProtocol.Why _ -> {
                    // nobody asks
                }
            }
            return Behaviors.same();
        });
    }

    private static Reply<ServedModel> loaded(ServingProtocol.Load load) {
        return load.model().equals("nothing")
                ? new Reply.Refused<>(Reply.Reason.PRECONDITION, "nothing takes too much")
                : new Reply.Answered<>(ServedModel.newBuilder()
                        .setName(load.model())
                        .setTtlMs(load.ttl().map(Duration::toMillis).orElse(-1L))
                        .build());
    }

    private void onGenerate(ServingProtocol.Generate generate) {
        String model = generate.request().getModel();
        if (model.equals("nothing")) {
            generate.replyTo().tell(new ServingProtocol.Failed(Reply.Reason.OVERLOADED, "too many wait", 3));
            return;
        }
        if (model.equals("full")) {
            generate.replyTo()
                    .tell(new ServingProtocol.Failed(Reply.Reason.OVERLOADED, "too many wait; try again in 7 s", 7));
            return;
        }
        running.add(generate.id());
        asked.add(generate.request());
        generate.replyTo().tell(new ServingProtocol.Waiting(2, 1_500, true));
        if (model.equals("mute")) {
            return;
        }
        generate.replyTo().tell(new ServingProtocol.Begun("small", "test", 7));
        for (String word : scripts.getOrDefault(model, SENTENCE)) {
            generate.replyTo().tell(new ServingProtocol.Text(word));
        }
        if (model.equals("endless")) {
            return;
        }
        running.remove(generate.id());
        generate.replyTo()
                .tell(
                        model.equals("broken")
                                ? new ServingProtocol.Failed(Reply.Reason.FAILED, "the worker died", 0)
                                : new ServingProtocol.Finished((model.equals("measured")
                                                ? MEASURED
                                                : GenerateFinished.getDefaultInstance())
                                        .toBuilder()
                                                .setModel("small")
                                                .setEngine("test")
                                                .setFinish("stop")
                                                .setAnswerTokens(model.equals("measured") ? 21 : 7)
                                                .setCachedTokens(
                                                        model.equals("measured") ? MEASURED.getCachedTokens() : 3)
                                                .build()));
    }
}
