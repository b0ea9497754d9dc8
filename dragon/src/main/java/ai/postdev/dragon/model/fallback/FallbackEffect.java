package ai.postdev.dragon.model.fallback;

/** What has to be done with a request. */
public sealed interface FallbackEffect {
    /**
     * The request goes to a model; its caller sees nothing of that but where the answer says where it comes from.
     *
     * @param reason why this one, for people
     */
    record Try(String model, String node, String reason) implements FallbackEffect {}

    /**
     * The caller, who has got something already, is told to throw it away, and the request goes to another model.
     *
     * @param from the model whose answer broke off
     * @param reason why it did
     * @param next where it goes
     */
    record Restart(String from, String reason, Try next) implements FallbackEffect {}

    /**
     * The caller gets no answer, or no more of it, and is told so.
     *
     * @param error of the model that was tried last, or why none was
     * @param begun whether the caller has got something of an answer
     * @param message everything that was tried, for people
     */
    record GiveUp(ErrorClass error, boolean begun, String message) implements FallbackEffect {}
}
