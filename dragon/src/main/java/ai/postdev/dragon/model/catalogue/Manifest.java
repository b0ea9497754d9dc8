package ai.postdev.dragon.model.catalogue;

import ai.postdev.actors.op.ContentHash;
import java.time.Instant;
import java.util.List;

/**
 * What is known of a model that lies on this node.
 *
 * @param revision what of the source it is: a commit, a version; empty where the source has none
 * @param pulled when, to the millisecond
 * @param licence identifier or name, as the source states it; empty: unknown
 * @param files what an engine opens first comes first; none for a built-in model
 */
public record Manifest(
        ModelName name,
        ModelSource source,
        String revision,
        Instant pulled,
        String licence,
        Kind kind,
        Format format,
        List<StoredFile> files,
        Facts facts,
        Memory memory) {
    public Manifest {
        files = List.copyOf(files);
    }

    /** What a model is for. */
    public enum Kind {
        /** Writes text. */
        TEXT,
        /** Turns text into vectors. */
        EMBEDDING
    }

    /** How its weights are written. */
    public enum Format {
        /** One file with everything. */
        GGUF,
        /** Weights beside a config.json and a tokenizer. */
        SAFETENSORS,
        /** For ONNX Runtime. */
        ONNX
    }

    /**
     * A file of a model.
     *
     * @param name in the model's folder
     * @param modifiedMillis when it was last written, as its file system tells it: another time than this means that
     *     somebody touched it
     */
    public record StoredFile(String name, long bytes, ContentHash sha256, long modifiedMillis) {}

    /**
     * What the weights say of themselves.
     *
     * @param architecture such as {@code llama} or {@code gemma3}
     * @param quantisation such as {@code Q4_K_M} or {@code BF16}; empty: unknown
     * @param parameters numbers in all weights; 0: unknown
     * @param contextTokens that it was trained for; 0: unknown
     * @param dimensions of its states, and of its vectors if it embeds
     * @param vocabulary tokens that it knows
     * @param chatTemplate whether it says how a conversation is written down
     */
    public record Facts(
            String architecture,
            String quantisation,
            long parameters,
            long contextTokens,
            long layers,
            long dimensions,
            long vocabulary,
            boolean chatTemplate) {}

    /**
     * What it takes to run it, in bytes, before anybody has measured.
     *
     * @param weightBytes of all tensors
     * @param kvBytesPerToken of a context with keys and values in 16 bits, as if every layer looked at all of it: more
     *     than a model with sliding windows takes
     * @param overheadBytes of an engine's scratch for 512 tokens at once
     */
    public record Memory(long weightBytes, long kvBytesPerToken, long overheadBytes) {
        /** For a context of so many tokens. */
        public long bytes(long contextTokens) {
            return weightBytes + overheadBytes + Math.multiplyExact(kvBytesPerToken, contextTokens);
        }
    }

    /** Bytes of all files. */
    public long bytes() {
        return files.stream().mapToLong(StoredFile::bytes).sum();
    }

    /** Whether it comes with PostDevAI. */
    public boolean builtIn() {
        return source instanceof ModelSource.BuiltIn;
    }
}
