package ai.postdev.dragon.lake.journal;

import java.util.Locale;

/**
 * When a write counts as done. Whatever the level, what survives a crash is a prefix: a lost operation is never followed
 * by a kept one. Ordered from weakest to strongest.
 */
public enum Durability {
    /** In the memory of this process: a killed process may lose the newest writes. */
    NONE,
    /** Handed to the operating system: survives a killed process, a power failure may lose the newest writes. */
    OS,
    /** On the disk: survives a power failure, as far as the disk tells the truth about its cache. */
    FSYNC;

    /** The level named in a setting. */
    public static Durability of(String name) {
        for (Durability level : values()) {
            if (level.name().toLowerCase(Locale.ROOT).equals(name)) {
                return level;
            }
        }
        throw new IllegalArgumentException("durability is '" + name + "', expected one of fsync, os, none");
    }

    /** The stronger of the two. */
    public Durability orStronger(Durability other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
