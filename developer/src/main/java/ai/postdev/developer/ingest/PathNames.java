package ai.postdev.developer.ingest;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * File names as UTF-8 text and back, whatever the locale of the process. A JVM started in the C locale cannot say
 * {@code ü} in a path, but its URIs carry the true bytes.
 */
public final class PathNames {
    private static final char UNDECODED = '\uFFFD';

    private PathNames() {}

    /** The last name of {@code path}; empty if its bytes are no UTF-8. */
    public static Optional<String> name(Path path) {
        String name = path.getFileName().toString();
        return name.indexOf(UNDECODED) < 0 ? Optional.of(name) : nameFromBytes(path);
    }

    /** The name in {@code bytes} from {@code start} on; empty if it is no UTF-8. */
    static Optional<String> decode(byte[] bytes, int start) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, bytes.length - start))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** The path under {@code root} that {@code relative} names, {@code /} between names. */
    public static Path resolve(Path root, String relative) {
        try {
            return relative.isEmpty() ? root : root.resolve(relative);
        } catch (InvalidPathException e) {
            return Path.of(URI.create(
                    root.toUri() + (root.toUri().toString().endsWith("/") ? "" : "/") + percentEncoded(relative)));
        }
    }

    private static Optional<String> nameFromBytes(Path path) {
        String raw = path.toUri().getRawPath();
        raw = raw.endsWith("/") ? raw.substring(0, raw.length() - 1) : raw;
        raw = raw.substring(raw.lastIndexOf('/') + 1);
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            if (raw.charAt(i) == '%') {
                bytes.put((byte) Integer.parseInt(raw.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.put((byte) raw.charAt(i));
            }
        }
        return decode(Arrays.copyOf(bytes.array(), bytes.position()), 0);
    }

    private static String percentEncoded(String relative) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : relative.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '/';
            encoded.append(plain ? String.valueOf((char) b) : String.format(Locale.ROOT, "%%%02X", b & 0xff));
        }
        return encoded.toString();
    }
}
