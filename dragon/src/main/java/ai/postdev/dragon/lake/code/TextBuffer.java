package ai.postdev.dragon.lake.code;

import java.util.Arrays;

/** Where one text after another is read into. One thread. */
class TextBuffer {
    private static final int FIRST = 64 << 10;

    private byte[] own;
    private byte[] array;
    private int length;

    TextBuffer() {
        this(FIRST);
    }

    /** @param first bytes that it has room for at first */
    TextBuffer(int first) {
        own = new byte[first];
        array = own;
    }

    /** The text, from the start; what lies beyond its length is of an earlier one. */
    byte[] array() {
        return array;
    }

    /** Bytes of the text. */
    int length() {
        return length;
    }

    /** An array of at least so many bytes, to be filled with a text of that length. */
    byte[] reserve(int bytes) {
        if (own.length < bytes) {
            own = new byte[Math.max(bytes, 2 * own.length)];
        }
        array = own;
        length = bytes;
        return array;
    }

    /** Holds this text, which is neither copied nor written to. */
    void hold(byte[] text) {
        array = text;
        length = text.length;
    }

    /** The text alone; it may be the one that is held. */
    byte[] copy() {
        return array.length == length && array != own ? array : Arrays.copyOf(array, length);
    }
}
