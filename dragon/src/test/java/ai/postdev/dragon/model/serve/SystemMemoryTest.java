package ai.postdev.dragon.model.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SystemMemoryTest {
    @Test
    void whatIsAvailableIsReadAndNothingElse() {
        assertEquals(
                OptionalLong.of(7_340_032L * 1024),
                SystemMemory.available(List.of(
                        "MemTotal:       16000000 kB", "MemFree:            1024 kB", "MemAvailable:    7340032 kB")));
        for (String line : List.of(
                "MemFree: 12 kB",
                "MemAvailable:",
                "MemAvailable: 12",
                "MemAvailable: 12 MB",
                "MemAvailable: -12 kB",
                "MemAvailable: 99999999999999999999 kB",
                "MemAvailable: x kB")) {
            assertEquals(OptionalLong.empty(), SystemMemory.available(List.of(line)), line);
        }
    }

    @Test
    void lackingIsNeverLessThanNothing() throws Exception {
        assertEquals(0, SystemMemory.lacking(0));
    }
}
