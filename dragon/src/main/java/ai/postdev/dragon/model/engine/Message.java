package ai.postdev.dragon.model.engine;

/** One turn of a conversation. */
public record Message(Role role, String text) {
    /** Whose turn it is. */
    public enum Role {
        /** Instructions that come first. */
        SYSTEM,
        /** The person, or the program that asks. */
        USER,
        /** The model. */
        ASSISTANT,
        /** What a tool answered. */
        TOOL
    }
}
