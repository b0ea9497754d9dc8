package ai.postdev.mlx;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The bytes of a saved session: magic and version, what the model looks like, then tokens, keys and values as the native
 * side has them, little-endian, and a checksum of all that.
 */
final class SavedSession {
    private static final int MAGIC = 0x314b564d; // "MVK1"
    private static final int HEADER = 4 + 4 + 8 + 4;

    private SavedSession() {}

    static byte[] save(MlxSession session) {
        return session.thread().call(() -> {
            long size = Native.sessionFacts(session.id())[2];
            if (size > Integer.MAX_VALUE - 64) {
                throw new MlxException("the session takes " + size + " bytes, more than one array can hold; trim it");
            }
            byte[] bytes = new byte[HEADER + (int) size];
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment room = arena.allocate(Math.max(1, size), 16);
                Native.sessionSave(session.id(), room.address());
                MemorySegment.copy(room, ValueLayout.JAVA_BYTE, 0, bytes, HEADER, (int) size);
            }
            ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            header.putInt(MAGIC).putInt(fingerprint(session.model())).putLong(size);
            header.putInt(checksum(bytes));
            return bytes;
        });
    }

    static void restore(MlxModel model, MlxSession session, byte[] bytes) {
        if (bytes.length < HEADER) {
            throw new MlxException("a saved session has at least " + HEADER + " bytes, not " + bytes.length);
        }
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int magic = header.getInt();
        if (magic != MAGIC) {
            throw new MlxException(
                    "these bytes are no saved session of this version: they start with " + Integer.toHexString(magic));
        }
        if (header.getInt() != fingerprint(model)) {
            throw new MlxException("the saved session belongs to another model or another kind of device");
        }
        long size = header.getLong();
        if (size != bytes.length - HEADER || header.getInt() != checksum(bytes)) {
            throw new MlxException("the saved session is damaged: its length or checksum is wrong");
        }
        model.engine().thread().run(() -> {
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment room = arena.allocate(Math.max(1, size), 16);
                MemorySegment.copy(bytes, HEADER, room, ValueLayout.JAVA_BYTE, 0, (int) size);
                Native.sessionRestore(session.id(), room.address(), size);
            }
        });
    }

    private static int fingerprint(MlxModel model) {
        CRC32C crc = new CRC32C();
        String lines = model.spec().lines().replaceFirst("max_context=.*\n", "");
        crc.update(
                (lines + model.weightBytes() + model.engine().gpu()).getBytes(java.nio.charset.StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, HEADER - 4);
        crc.update(bytes, HEADER, bytes.length - HEADER);
        return (int) crc.getValue();
    }
}
