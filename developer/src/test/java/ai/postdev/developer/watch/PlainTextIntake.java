package ai.postdev.developer.watch;

import ai.postdev.developer.ingest.TextIntake;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Strict UTF-8, secrets by one name, one word to cut: enough for tests that are about watching. */
final class PlainTextIntake implements TextIntake {
    private final AtomicInteger decoded = new AtomicInteger();

    private final AtomicReference<String> failing = new AtomicReference<>();

    /** Files read so far. */
    int decoded() {
        return decoded.get();
    }

    @Override
    public boolean secret(String path) {
        return path.endsWith(".env");
    }

    @Override
    public Optional<byte[]> decode(byte[] bytes) {
        decoded.incrementAndGet();
        for (byte b : bytes) {
            if (b == 0) {
                return Optional.empty();
            }
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return Optional.of(bytes);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    @Override
    public byte[] redact(byte[] utf8) {
        return redact(new String(utf8, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    /** The next time that exactly this text is redacted, that fails as a defect would. */
    void failOnce(String text) {
        failing.set(text);
    }

    @Override
    public String redact(String text) {
        String defect = failing.get();
        if (text.equals(defect) && failing.compareAndSet(defect, null)) {
            throw new IllegalStateException("made to fail at '" + text + "'");
        }
        return text.replace("hunter2", "[cut]");
    }
}
