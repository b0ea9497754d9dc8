package ai.postdev.dragon.model.engine;

import ai.postdev.dragon.model.constrain.Automaton;
import ai.postdev.dragon.model.constrain.SchemaGrammar;
import ai.postdev.dragon.model.constrain.SchemaSettings;
import ai.postdev.dragon.model.constrain.TokenMasks;
import ai.postdev.dragon.model.constrain.UnsupportedSchemaException;
import ai.postdev.dragon.model.constrain.Vocabulary;
import java.nio.charset.StandardCharsets;

/** Holds one answer to its schema, token by token. One thread. */
final class SchemaMask {
    private final TokenMasks masks;
    private Automaton.State state;

    /**
     * @param begun of the answer already
     * @throws EngineFault if the schema asks for what cannot be guaranteed, or what was begun does not follow it
     */
    SchemaMask(String schema, SchemaSettings settings, Vocabulary vocabulary, String begun) throws EngineFault {
        try {
            Automaton automaton = new Automaton(SchemaGrammar.of(schema, settings));
            masks = new TokenMasks(automaton, vocabulary, settings.masksMax());
            state = automaton.next(automaton.start(), begun.getBytes(StandardCharsets.UTF_8));
        } catch (UnsupportedSchemaException e) {
            throw new EngineFault(EngineFault.Kind.BAD_REQUEST, e.getMessage(), e);
        }
        if (state.isDead()) {
            throw new EngineFault(
                    EngineFault.Kind.BAD_REQUEST, "what there is of the answer does not follow the JSON schema");
        }
    }

    /** One bit for each token that may be next. */
    long[] allowed() {
        return masks.allowed(state).toLongArray();
    }

    /** A token was drawn. */
    void drawn(int token) {
        state = masks.next(state, token);
    }

    /** Whether the answer is whole and nothing may follow. */
    boolean ended() {
        return state.isEnd();
    }
}
