package ai.postdev.app.cli;

import ai.postdev.v1.LakeAnswer;
import ai.postdev.v1.MemoryDrift;
import ai.postdev.v1.MemoryHolding;
import ai.postdev.v1.MemoryShare;
import ai.postdev.v1.RamDisk;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How memory is used, for people. */
final class LakeView {
    private static final List<String> PARTS = List.of("texts", "code index", "vectors", "events", "graph");

    /** The stores count as full from this part of what they may hold on; a text needs a slab. */
    private static final double FULL = 0.9;

    private LakeView() {}

    static void print(LakeAnswer answer, Terminal terminal) {
        long stores = answer.getSharesList().stream()
                .mapToLong(MemoryShare::getUsedBytes)
                .sum();
        section("memory", terminal);
        line(
                Words.bytes(answer.getResidentBytes()) + " of " + Words.bytes(answer.getBudgetBytes()) + " · stores "
                        + Words.bytes(stores) + " of " + Words.bytes(answer.getAvailableBytes()) + " · besides "
                        + Words.bytes(answer.getBaseBytes()) + " (Java holds " + Words.bytes(answer.getJavaBytes())
                        + ")" + models(answer),
                terminal);
        drift(answer.getDrift()).ifPresent(text -> line(terminal.paint(Ink.WARNING, text), terminal));
        if (answer.getBaseBytes() > answer.getBudgetBytes()) {
            line(terminal.paint(Ink.WARNING, "the program itself takes more than the budget"), terminal);
        }
        if (answer.getRefused() > 0 && stores > FULL * answer.getAvailableBytes()) {
            line(
                    terminal.paint(
                                    Ink.WARNING,
                                    "full: texts that do not fit are read from disk; make room with --budget SIZE or forget")
                            + " · " + Words.bytes(answer.getGivenBackBytes()) + " given back",
                    terminal);
        }
        Table shares = new Table("store", ">share", ">its own", ">used");
        for (MemoryShare share : answer.getSharesList()) {
            shares.row(
                    share.getStore(),
                    share.getPercent() + " %",
                    Words.bytes(share.getLimitBytes()),
                    Words.bytes(share.getUsedBytes()));
        }
        shares.print(terminal, "  ");
        section("projects", terminal);
        projects(answer.getHoldingsList(), terminal);
        section("RAM disk", terminal);
        disk(answer.getRamDisk(), terminal);
    }

    private static String models(LakeAnswer answer) {
        return answer.getModelPromisedBytes() == 0
                ? ""
                : " · models " + Words.bytes(answer.getModelBytes()) + ", promised "
                        + Words.bytes(answer.getModelPromisedBytes());
    }

    /** What to say of memory that nobody accounts for, while there is an alarm about it. */
    static Optional<String> drift(MemoryDrift drift) {
        return switch (drift.getState()) {
            case "alarm", "falling" ->
                Optional.of(Words.bytes(drift.getUnexplainedBytes()) + " in RAM that nobody accounts for, "
                        + Math.round(100 * drift.getRatio())
                        + " % of the budget: something leaks; stop and up are rid of it");
            default -> Optional.empty();
        };
    }

    private static void projects(List<MemoryHolding> holdings, Terminal terminal) {
        Map<String, long[]> rows = new LinkedHashMap<>();
        Map<String, String> names = new LinkedHashMap<>();
        for (MemoryHolding holding : holdings) {
            long[] row = rows.computeIfAbsent(holding.getProject(), _ -> new long[PARTS.size() + 1]);
            row[PARTS.indexOf(holding.getPart())] += holding.getBytes();
            row[PARTS.size()] += holding.getBytes();
            names.put(holding.getProject(), holding.getName());
        }
        if (rows.isEmpty()) {
            line("none holds anything here", terminal);
            return;
        }
        Table table = new Table("name", ">texts", ">code index", ">vectors", ">events", ">graph", ">together");
        rows.forEach((project, bytes) -> {
            String[] cells = new String[PARTS.size() + 2];
            cells[0] = names.get(project).isEmpty() ? Words.brief(project) : Words.harmless(names.get(project));
            for (int i = 0; i < bytes.length; i++) {
                cells[i + 1] = Words.bytes(bytes[i]);
            }
            table.row(cells);
        });
        table.print(terminal, "  ");
    }

    private static void disk(RamDisk disk, Terminal terminal) {
        if (!disk.getFolder().isEmpty()) {
            line(
                    Words.harmless(disk.getFolder()) + " (" + Words.harmless(disk.getMode()) + ") · "
                            + Words.bytes(disk.getMappedBytes()) + " in use · "
                            + Words.bytes(disk.getFreeBytes()) + " of " + Words.bytes(disk.getCapacityBytes())
                            + " free",
                    terminal);
        }
        if (disk.getOrdinaryBytes() > 0 || disk.getFolder().isEmpty()) {
            line(Words.bytes(disk.getOrdinaryBytes()) + " in ordinary memory", terminal);
        }
        if (!disk.getNote().isEmpty()) {
            line(terminal.paint(Ink.WARNING, Words.harmless(disk.getNote())), terminal);
        }
    }

    private static void section(String title, Terminal terminal) {
        terminal.out().println(terminal.paint(Ink.STRONG, title));
    }

    private static void line(String text, Terminal terminal) {
        terminal.out().println("  " + text);
    }
}
