package ai.postdev.dragon.model.prefix;

/**
 * What of a prompt was read already: a new session forks what is kept under the handle, and keeps its first tokens.
 *
 * @param handle 0 if there is nothing
 * @param tokens so many, less than the prompt has: its last one has to be read to know what comes next
 */
public record Match(long handle, int tokens) {
    /** Nothing. */
    public static final Match NONE = new Match(0, 0);
}
