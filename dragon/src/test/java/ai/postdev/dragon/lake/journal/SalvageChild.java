package ai.postdev.dragon.lake.journal;

import java.nio.file.Path;

/** The process that {@link PowerCutTest} records while it salvages a journal. Arguments: folder, file for marks. */
final class SalvageChild {
    private SalvageChild() {}

    public static void main(String[] arguments) throws JournalRefused {
        Journal.salvage(PowerChild.journal(Path.of(arguments[0])), PowerChild.settings(Durability.FSYNC));
        Runtime.getRuntime().halt(PowerChild.ENDED);
    }
}
