package ai.postdev.dragon.model.serve;

import ai.postdev.dragon.model.engine.GenerationRequest;
import ai.postdev.dragon.model.engine.Message;
import ai.postdev.dragon.model.engine.Prompt;
import ai.postdev.dragon.model.engine.Sampling;
import ai.postdev.dragon.model.fallback.Latitude;
import ai.postdev.dragon.model.fallback.Need;
import ai.postdev.dragon.model.queue.WorkClass;
import ai.postdev.v1.ChatMessage;
import ai.postdev.v1.GenerateRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

/** Requests as doors bring them, checked and made into what engines take. */
final class Requests {
    private static final int STOPS_MAX = 16;
    private static final int STOP_BYTES_MAX = 256;

    private Requests() {}

    /**
     * What is to be generated.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static GenerationRequest of(GenerateRequest request, long promptBytesMax) {
        boolean chat = request.getMessagesCount() > 0;
        if (chat == !request.getPrompt().isEmpty()) {
            throw new IllegalArgumentException(
                    chat
                            ? "a request has messages or a prompt, and this has both"
                            : "the request has no messages and no prompt");
        }
        if (request.getSerializedSize() > promptBytesMax) {
            throw new IllegalArgumentException("the request has " + request.getSerializedSize()
                    + " bytes, more than postdevai.models.serve.prompt-bytes-max (" + promptBytesMax + ")");
        }
        if (request.getMaxTokens() < 0) {
            throw new IllegalArgumentException("max_tokens is " + request.getMaxTokens()
                    + ", expected 1 or more, or 0 for what there is room for");
        }
        if (request.getStopsCount() > STOPS_MAX) {
            throw new IllegalArgumentException(request.getStopsCount() + " stop texts, expected at most " + STOPS_MAX);
        }
        for (String stop : request.getStopsList()) {
            if (stop.isEmpty() || stop.length() > STOP_BYTES_MAX) {
                throw new IllegalArgumentException(
                        "a stop text has " + stop.length() + " characters, expected 1 to " + STOP_BYTES_MAX);
            }
        }
        Sampling sampling = new Sampling(
                request.hasTemperature() ? request.getTemperature() : 0.8f,
                request.hasTopK() ? request.getTopK() : 40,
                request.hasTopP() ? request.getTopP() : 0.95f,
                request.hasMinP() ? request.getMinP() : 0.05f,
                request.hasRepeatPenalty() ? request.getRepeatPenalty() : 1,
                request.hasSeed() ? OptionalInt.of(request.getSeed()) : OptionalInt.empty());
        Prompt prompt = chat
                ? new Prompt.Chat(request.getMessagesList().stream()
                        .map(Requests::message)
                        .toList())
                : new Prompt.Text(request.getPrompt());
        return new GenerationRequest(
                prompt,
                request.getMaxTokens(),
                sampling,
                request.getStopsList(),
                request.getJsonSchema().isBlank() ? Optional.empty() : Optional.of(request.getJsonSchema()),
                "");
    }

    private static Message message(ChatMessage message) {
        List<Message.Role> roles = List.of(Message.Role.values());
        return new Message(
                roles.stream()
                        .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(message.getRole()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("a message has the role '" + message.getRole()
                                + "', expected one of "
                                + String.join(
                                        ", ",
                                        roles.stream()
                                                .map(role -> role.name().toLowerCase(Locale.ROOT))
                                                .toList()))),
                message.getContent());
    }

    /**
     * What it needs of a model, and from which models the answer may come. Of tools only the names come here: the doors have
     * written them into the texts.
     *
     * @param model that is asked for
     * @param tokens of prompt and answer, as far as they can be told from the text
     * @throws IllegalArgumentException if it names no latitude
     */
    static Need need(GenerateRequest request, String model, long tokens) {
        Latitude latitude = request.getAlternatives().isEmpty()
                ? Latitude.CHAIN
                : Arrays.stream(Latitude.values())
                        .filter(one -> one.id().equals(request.getAlternatives()))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "alternatives is '" + request.getAlternatives() + "', expected exact, chain or any"));
        String task = request.getTask().isEmpty()
                ? (request.getMessagesCount() > 0 ? "chat" : "complete")
                : request.getTask();
        return new Need(
                task,
                model,
                tokens,
                request.getToolsCount() > 0,
                !request.getJsonSchema().isBlank(),
                latitude,
                request.getRestart());
    }

    /**
     * How urgent it is.
     *
     * @throws IllegalArgumentException if it names no class
     */
    static WorkClass workClass(GenerateRequest request) {
        if (request.getWorkClass().isEmpty()) {
            return WorkClass.INTERACTIVE;
        }
        return Arrays.stream(WorkClass.values())
                .filter(one -> one.id().equals(request.getWorkClass()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "work_class is '" + request.getWorkClass() + "', expected interactive, agent or batch"));
    }
}
