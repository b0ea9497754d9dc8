package ai.postdev.dragon.lake.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.postdev.dragon.lake.text.Passages.Passage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class PassagesTest {
    private static final long SEED = Long.getLong("postdevai.seed", 20261124L);

    private static List<Passage> cut(byte[] text) {
        List<Passage> passages = new ArrayList<>();
        Passages.cut(text, passages::add);
        return passages;
    }

    @RepeatedTest(50)
    void coverEveryLineThatIsNotBlankInOrderAndWithinBounds(RepetitionInfo info) {
        long seed = SEED + info.getCurrentRepetition();
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < random.nextInt(400); line++) {
            int kind = random.nextInt(5);
            text.append(
                    kind == 0 ? "" : " ".repeat(random.nextInt(6)) + "x".repeat(random.nextInt(kind == 1 ? 3000 : 60)));
            text.append(random.nextInt(30) == 0 ? "\r\n" : "\n");
        }
        byte[] utf8 = text.toString().getBytes(StandardCharsets.UTF_8);
        boolean[] covered = new boolean[text.toString().split("\n", -1).length + 2];
        int nextLine = 1;
        for (Passage passage : cut(utf8)) {
            assertTrue(passage.startLine() >= nextLine && passage.endLine() >= passage.startLine(), "seed " + seed);
            boolean oneLine = passage.startLine() == passage.endLine();
            assertTrue(oneLine || passage.endByte() - passage.startByte() <= Passages.BYTES_MAX, "seed " + seed);
            assertTrue(passage.endLine() - passage.startLine() < Passages.LINES_MAX, "seed " + seed);
            assertTrue(passage.startByte() == 0 || utf8[passage.startByte() - 1] == '\n', "seed " + seed);
            for (int line = passage.startLine(); line <= passage.endLine(); line++) {
                covered[line] = true;
            }
            nextLine = passage.endLine() + 1;
        }
        String[] lines = text.toString().split("\n", -1);
        for (int line = 1; line <= lines.length; line++) {
            assertTrue(covered[line] || lines[line - 1].isBlank(), "line " + line + " is lost, seed " + seed);
        }
    }

    @Test
    void cutAtBlankLines() {
        String function = "void f() {\n" + "    call(argument);\n".repeat(60) + "}\n";
        List<Passage> passages = cut((function + "\n" + function).getBytes(StandardCharsets.UTF_8));
        assertTrue(passages.stream().anyMatch(p -> p.startLine() == 63), passages.toString());
    }

    @Test
    void giveNothingForBlankText() {
        assertEquals(List.of(), cut("\n  \n\t\n".getBytes(StandardCharsets.UTF_8)));
        assertEquals(List.of(), cut(new byte[0]));
    }
}
