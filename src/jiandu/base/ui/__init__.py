"""The look: components, theme, formats. Takes plain values, knows no domain."""
