package ai.postdev.developer.ingest;

import ai.postdev.developer.content.Decoded;
import ai.postdev.developer.content.Decoder;
import ai.postdev.developer.content.Redactor;
import ai.postdev.developer.content.SecretFiles;
import java.util.Optional;

/** The intake of a real node: decodes what is text, never opens secret files, cuts credentials out of text. */
public final class ContentIntake implements TextIntake {
    private final Redactor redactor = new Redactor();

    @Override
    public boolean secret(String path) {
        // A dump named after a token would carry it into every list of paths.
        return SecretFiles.reason(path).isPresent() || !redactor.redact(path).equals(path);
    }

    @Override
    public Optional<byte[]> decode(byte[] bytes) {
        return switch (Decoder.decode(bytes)) {
            case Decoded.Text text -> Optional.of(text.utf8());
            case Decoded.Binary _ -> Optional.empty();
        };
    }

    @Override
    public byte[] redact(byte[] utf8) {
        return redactor.redact(utf8).utf8();
    }

    @Override
    public String redact(String text) {
        return redactor.redact(text);
    }
}
