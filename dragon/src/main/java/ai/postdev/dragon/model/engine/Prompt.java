package ai.postdev.dragon.model.engine;

import java.util.List;

/** What a generation goes on from. */
public sealed interface Prompt {
    /** A conversation, written down by the model's own template. */
    record Chat(List<Message> messages) implements Prompt {
        public Chat {
            messages = List.copyOf(messages);
        }
    }

    /** A text as it is. */
    record Text(String text) implements Prompt {}
}
