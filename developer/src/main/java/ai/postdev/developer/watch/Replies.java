package ai.postdev.developer.watch;

import ai.postdev.actors.protocol.Reply;

/** Class tokens for asking, which Java cannot write for a generic reply. */
final class Replies {
    private Replies() {}

    /** {@code Reply.class}, typed by what is asked for. */
    @SuppressWarnings("unchecked")
    static <T> Class<Reply<T>> type() {
        return (Class<Reply<T>>) (Class<?>) Reply.class;
    }
}
