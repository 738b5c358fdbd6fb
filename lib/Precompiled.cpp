// The translation unit that owns the precompiled header; see Precompiled.h.
