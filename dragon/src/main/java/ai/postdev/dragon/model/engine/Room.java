package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.engine.EngineFault.Kind;

/** What a context has room for. */
final class Room {
    private Room() {}

    /**
     * Tokens that an answer may have: as many as were asked for, or all that are left.
     *
     * @param context tokens of prompt and answer together
     * @throws EngineFault with the counts, if the two do not fit
     */
    static int forAnswer(GenerationRequest request, int promptTokens, int context) throws EngineFault {
        int room = context - promptTokens;
        if (room < 1 || request.maxTokens() > room) {
            throw new EngineFault(
                    Kind.TOO_LONG,
                    "the prompt has " + promptTokens + " tokens"
                            + (request.maxTokens() > 0 ? " and the answer may have " + request.maxTokens() : "")
                            + ", the context " + context
                            + "; shorten the prompt or load the model with a longer context");
        }
        return request.maxTokens() == 0 ? room : request.maxTokens();
    }
}
