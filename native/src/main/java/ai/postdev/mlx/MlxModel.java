package ai.postdev.mlx;

import ai.postdev.mlx.family.DecoderSpec;
import ai.postdev.mlx.token.Tokenizer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;

/** A language model that is loaded. Any thread; closing it closes its sessions. */
public final class MlxModel implements AutoCloseable {
    private final MlxEngine engine;
    private final DecoderSpec spec;
    private final Tokenizer tokenizer;
    private final String chatTemplate;
    private final long weightBytes;
    private final Handle handle;
    /** Weak, so that a session that was forgotten is collected and its handle freed. */
    private final Set<MlxSession> sessions =
            Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    MlxModel(MlxEngine engine, DecoderSpec spec, Tokenizer tokenizer, String chatTemplate, long id) {
        this.engine = engine;
        this.spec = spec;
        this.tokenizer = tokenizer;
        this.chatTemplate = chatTemplate;
        this.handle = new Handle(this, "model", engine.runtime().thread(), id, Native::decoderFree);
        this.weightBytes = engine.thread().call(() -> Native.decoderBytes(id));
    }

    /** The family and the shape. */
    public DecoderSpec spec() {
        return spec;
    }

    /** The most tokens one session may hold. */
    public int maxContext() {
        return spec.maxContext();
    }

    /** How texts become tokens of this model. */
    public Tokenizer tokenizer() {
        return tokenizer;
    }

    /** The Jinja template that turns a conversation into a prompt, when the file has one. */
    public Optional<String> chatTemplate() {
        return Optional.ofNullable(chatTemplate);
    }

    /** Bytes that the weights take in memory. */
    public long weightBytes() {
        return weightBytes;
    }

    /**
     * Bytes that a session of this many tokens takes at most: whole blocks of 256 tokens, and the room that growing by one
     * block needs meanwhile is not counted.
     */
    public long sessionBytes(int tokens) {
        long blocks = (tokens + 255L) / 256;
        return blocks * 256 * spec.cacheElementsPerToken() * (engine.gpu() ? 2 : 4);
    }

    /**
     * Opens an empty session.
     *
     * @param maxTokens the most tokens it may hold, 1 to {@link #maxContext()}
     */
    public MlxSession session(int maxTokens) {
        return added(new MlxSession(
                this, engine.thread().call(() -> Native.sessionNew(handle.id(), maxTokens)), maxTokens, 0));
    }

    /**
     * Opens a session from what {@link MlxSession#save()} gave.
     *
     * @param maxTokens the most tokens it may hold
     * @throws MlxException when the bytes are damaged, of another model or device, or hold more tokens
     */
    public MlxSession restore(byte[] saved, int maxTokens) {
        MlxSession session = session(maxTokens);
        try {
            SavedSession.restore(this, session, saved);
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    MlxSession added(MlxSession session) {
        sessions.add(session);
        return session;
    }

    void forget(MlxSession session) {
        sessions.remove(session);
    }

    MlxEngine engine() {
        return engine;
    }

    /** Frees the sessions and the weights; more calls do nothing. */
    @Override
    public void close() {
        List<MlxSession> left;
        synchronized (sessions) {
            left = new ArrayList<>(sessions);
        }
        left.forEach(MlxSession::close);
        handle.close();
        engine.forget(this);
    }
}
