"""The only code that downloads: OpenStreetMap and data.police.uk, or mirrors of them."""
