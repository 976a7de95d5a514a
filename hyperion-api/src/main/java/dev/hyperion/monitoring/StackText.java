// SPDX-License-Identifier: Apache-2.0
package dev.hyperion.monitoring;

import java.io.PrintWriter;
import java.io.Writer;

/** A throwable as text of bounded length. Thread-safety: immutable, nothing is kept. */
public final class StackText {
    private StackText() {}

    /**
     * Writes a throwable as {@link Throwable#printStackTrace()} does, with its causes, and cuts the end off.
     *
     * @param thrown what was thrown; it may itself be broken: if it cannot be printed, its class and that fact are told
     * @param longest how many characters at most, before the mark that tells how many were cut off
     * @return the text, without a line end
     */
    public static String of(Throwable thrown, int longest) {
        Bounded text = new Bounded(longest);
        try (PrintWriter writer = new PrintWriter(text)) {
            thrown.printStackTrace(writer);
        } catch (RuntimeException | StackOverflowError e) {
            // a getMessage or getCause of a stranger's exception; it must not take the log entry with it
            return thrown.getClass().getName() + " (cannot be printed: "
                    + e.getClass().getName() + ")";
        }
        return text.toString();
    }

    /**
     * Cuts a text.
     *
     * @param text any text
     * @param longest how many characters at most, before the mark that tells how many were cut off
     * @return the text itself if it is short enough
     */
    public static String cut(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        // half of a character outside the basic plane would be no text any more
        int end = longest > 0 && Character.isHighSurrogate(text.charAt(longest - 1)) ? longest - 1 : longest;
        return marked(text.substring(0, end), text.length() - end);
    }

    private static String marked(CharSequence kept, long more) {
        return kept + "… [" + more + " more characters]";
    }

    /** Keeps the beginning and counts the rest. */
    private static final class Bounded extends Writer {
        private final StringBuilder kept = new StringBuilder();
        private final int longest;
        private long more;

        Bounded(int longest) {
            this.longest = longest;
        }

        @Override
        public void write(char[] buffer, int offset, int length) {
            int fits = Math.min(length, longest - kept.length());
            kept.append(buffer, offset, fits);
            more += length - fits;
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}

        @Override
        public String toString() {
            return more == 0 ? kept.toString().stripTrailing() : marked(kept, more);
        }
    }
}
