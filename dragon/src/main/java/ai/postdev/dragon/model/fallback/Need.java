package ai.postdev.dragon.model.fallback;

/**
 * What a request needs of a model.
 *
 * @param task that it is for, such as {@code chat} or {@code ask}: it names the chain
 * @param model that was asked for
 * @param contextTokens of the prompt and the longest answer
 * @param tools whether the model has to call tools
 * @param schema whether the answer has to follow a JSON schema
 * @param latitude how far from that model the answer may come
 * @param restart whether the caller can throw away what it got of an answer, and get another
 */
public record Need(
        String task,
        String model,
        long contextTokens,
        boolean tools,
        boolean schema,
        Latitude latitude,
        boolean restart) {}
