package ai.postdev.actors.door;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FramesTest {
    private static final int MAX = 1 << 16;

    private static ReadableByteChannel channel(byte[] bytes) {
        return Channels.newChannel(new ByteArrayInputStream(bytes));
    }

    private static byte[] bytes(Frame frame) {
        ByteBuffer buffer = Frames.encode(frame);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    @Test
    void keepsTheGoldenBytesOfEveryKind() {
        HexFormat hex = HexFormat.of();
        assertEquals(
                "0000001101" + "06" + "536561726368" + "0000000000001388" + "0a00",
                hex.formatHex(bytes(new Frame.Request("Search", 5_000, new byte[] {10, 0}))));
        assertEquals("0000000202" + "0102", hex.formatHex(bytes(new Frame.Data(new byte[] {1, 2}))));
        assertEquals("0000000303" + "05" + "6e6f", hex.formatHex(bytes(new Frame.End(FaultCode.NOT_FOUND, "no"))));
    }

    @Test
    void readsBackWhatItWrote() throws IOException {
        Random random = Seeds.random();
        for (int round = 0; round < 300; round++) {
            byte[] payload = new byte[random.nextInt(2_000)];
            random.nextBytes(payload);
            Frame.Request request = new Frame.Request("Méthode" + round, random.nextLong(), payload);
            Frame.Request read =
                    (Frame.Request) Frames.read(channel(bytes(request)), MAX).orElseThrow();
            assertEquals(request.method(), read.method());
            assertEquals(request.deadlineMillis(), read.deadlineMillis());
            assertArrayEquals(payload, read.message());
            Frame.Data data = (Frame.Data)
                    Frames.read(channel(bytes(new Frame.Data(payload))), MAX).orElseThrow();
            assertArrayEquals(payload, data.message());
        }
        for (FaultCode code : FaultCode.values()) {
            Frame.End end = new Frame.End(code, "grün \u0000 " + code);
            assertEquals(Optional.of(end), Frames.read(channel(bytes(end)), MAX));
        }
    }

    @Test
    void saysNothingMoreWhenTheOtherEndClosedBetweenFrames() throws IOException {
        assertEquals(Optional.empty(), Frames.read(channel(new byte[0]), MAX));
    }

    @Test
    void reportsAnEndInsideAFrameAtEveryPosition() {
        byte[] whole = bytes(new Frame.Request("Show", 1, "abc".getBytes(StandardCharsets.UTF_8)));
        for (int length = 1; length < whole.length; length++) {
            byte[] cut = java.util.Arrays.copyOf(whole, length);
            assertThrows(EOFException.class, () -> Frames.read(channel(cut), MAX), "cut at " + length);
        }
    }

    @Test
    void refusesALengthAboveTheBoundBeforeItAllocates() {
        byte[] huge = {0x7f, -1, -1, -1, 2};
        Frames.BadFrame refused = assertThrows(Frames.BadFrame.class, () -> Frames.read(channel(huge), MAX));
        assertTrue(refused.getMessage().contains("at most " + MAX), refused.getMessage());
        byte[] negative = {-1, -1, -1, -1, 2};
        assertThrows(Frames.BadFrame.class, () -> Frames.read(channel(negative), MAX));
    }

    @Test
    void anyBytesGiveAFrameOrAnIoExceptionAndNothingElse() {
        Random random = Seeds.random();
        int frames = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] noise = new byte[random.nextInt(64)];
            random.nextBytes(noise);
            if (noise.length > 5 && random.nextBoolean()) {
                noise[0] = noise[1] = noise[2] = 0;
                noise[3] = (byte) random.nextInt(noise.length);
                noise[4] = (byte) random.nextInt(5);
            }
            try {
                frames += Frames.read(channel(noise), MAX).isPresent() ? 1 : 0;
            } catch (IOException expected) {
                assertTrue(expected.getMessage() != null);
            }
        }
        assertTrue(frames > 100, "the noise should sometimes be a frame, found " + frames);
    }
}
