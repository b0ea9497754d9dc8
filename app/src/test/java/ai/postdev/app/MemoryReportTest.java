package ai.postdev.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.memory.MemoryFigures.Drift;
import ai.postdev.v1.Finding;
import ai.postdev.v1.MemoryDrift;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MemoryReportTest {
    @Test
    void theDoctorWarnsWhileThereIsAnAlarm() {
        Map.of("calm", "ok", "rising", "ok", "alarm", "warning", "falling", "warning")
                .forEach((state, level) -> {
                    Finding finding = MemoryReport.finding(new Drift(700, 0.349, state, 5, 1));
                    assertEquals(level, finding.getLevel(), state);
                    assertTrue(
                            finding.getFound().startsWith("700 bytes are in RAM beyond what is accounted for, 35 %"),
                            finding.getFound());
                    assertEquals(level.equals("ok"), finding.getAdvice().isEmpty());
                });
    }

    @Test
    void accountsThatNameMoreThanIsInMemoryAreNoDrift() {
        Finding finding = MemoryReport.finding(new Drift(-7, -0.01, "calm", 5, 0));
        assertEquals("ok", finding.getLevel());
        assertEquals("all that is in RAM is accounted for", finding.getFound());
    }

    @Test
    void driftIsToldAsItIs() {
        assertEquals(
                MemoryDrift.newBuilder()
                        .setUnexplainedBytes(-7)
                        .setRatio(-0.5)
                        .setState("rising")
                        .setStateMs(11)
                        .setAlarms(3)
                        .build(),
                MemoryReport.drift(new Drift(-7, -0.5, "rising", 11, 3)));
    }
}
